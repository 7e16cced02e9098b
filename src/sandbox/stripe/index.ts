import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listener } from './api/listener.js';
import { openWorld } from './engine/open-world.js';
import type { Rates } from './engine/world.js';
import type { RetryProfile } from './webhooks/retry-profile.js';

export type StripeSandboxOptions = Readonly<{
  /** Loopback unless said otherwise: there is no real secret here, but no reason to share it either. */
  host?: string;
  /** 0 takes a free one. */
  port: number;
  /** Where state is kept over restarts. Absent: nowhere. */
  dataDir?: string;
  /** How long undelivered webhooks are retried: `laptop`, the default, is quick at first and patient after. */
  webhookProfile?: RetryProfile;
  /** Opens `/_sandbox`; made up where absent. */
  adminToken?: string;
  /** Requests a second, as Stripe limits them. Absent: no limits. */
  rates?: Rates;
  /** From success to `charge.updated` with the balance transaction, in virtual milliseconds. */
  captureDelayMs?: number;
  /** How long slow and failing refunds take, in virtual milliseconds. */
  refundDelayMs?: number;
  /** Makes all ids repeatable. */
  seed?: number;
  /** Where the sandbox is reached, if not by its own address: what its pages' links begin with. */
  publicUrl?: string;
  /** Origins besides this machine's that may show the card form in a frame. */
  framedBy?: readonly string[];
}>;

export type StripeSandbox = Readonly<{
  url: string;
  port: number;
  adminToken: string;
  close(): Promise<void>;
}>;

/** Stripe in miniature, listening. Speaks HTTP and nothing else: point the `stripe` SDK at it. */
export async function startStripeSandbox(options: StripeSandboxOptions): Promise<StripeSandbox> {
  const { host = '127.0.0.1', port, adminToken = randomBytes(24).toString('base64url') } = options;
  let url = options.publicUrl?.replace(/\/+$/, '') ?? '';
  const { world, restore, close } = await openWorld(options, () => url);
  const server = createServer(listener(world, adminToken, restore));
  server.keepAliveTimeout = 60_000;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    await close();
    throw error;
  }
  const { port: taken } = server.address() as AddressInfo;
  const named = host.includes(':') ? `[${host}]` : host;
  const own = `http://${named}:${taken}`;
  if (url === '') url = own;
  world.dispatcher.start();
  return {
    url: own,
    port: taken,
    adminToken,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await close();
    },
  };
}

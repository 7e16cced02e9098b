import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listener } from './api/listener.js';
import { openWorld } from './engine/open-world.js';
import type { StripeSandboxOptions } from './engine/options.js';

export type { StripeSandboxOptions };

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

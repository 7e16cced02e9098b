import type { RetryProfile } from '../webhooks/retry-profile.js';
import type { Rates } from './world.js';

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
  /** How long disputing cardholders wait after they paid, and banks over the evidence, in virtual milliseconds. */
  disputeDelayMs?: number;
  /** Makes all ids repeatable. */
  seed?: number;
  /** Where the sandbox is reached, if not by its own address: what its pages' links begin with. */
  publicUrl?: string;
  /** Origins besides this machine's that may show the card form in a frame. */
  framedBy?: readonly string[];
}>;

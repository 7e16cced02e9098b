import type { RequestLog } from '../api/request-log.js';
import type { FaultRules } from '../faults/rules.js';
import type { Dispatcher } from '../webhooks/dispatcher.js';
import type { Books } from './books.js';
import type { VirtualClock } from './clock.js';
import type { Ids } from './ids.js';
import type { Jobs } from './jobs.js';

export type Settings = Readonly<{
  /** How long after success the fee is known and `charge.updated` goes out, in virtual milliseconds. */
  captureDelayMs: number;
  /** How long refunds take that do not succeed or fail at once, in virtual milliseconds. */
  refundDelayMs: number;
  /** How long cardholders take to complain and banks to decide, in virtual milliseconds. */
  disputeDelayMs: number;
  /** Requests a second, as Stripe's limiters count them. Absent: no limit. */
  rates: Rates;
  /** Where, besides this machine, the card form may be framed. */
  framedBy: readonly string[];
}>;

export type Rates = Readonly<{ perAccount?: number; perEndpoint?: number }>;

/** Everything a handler may need. */
export type World = Readonly<{
  books: Books;
  clock: VirtualClock;
  ids: Ids;
  jobs: Jobs;
  faults: FaultRules;
  dispatcher: Dispatcher;
  requests: RequestLog;
  settings: Settings;
  /** Where the sandbox is reached, without a slash at its end. */
  baseUrl: () => string;
}>;

/** On whose account something happens, and which request made it happen; none where time did. */
export type Cause = Readonly<{ account: string; requestId: string | null; idempotencyKey: string | null }>;

export function byTime(account: string): Cause {
  return { account, requestId: null, idempotencyKey: null };
}

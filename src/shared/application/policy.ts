import type { Told } from './projection.js';

/**
 * What must follow from a fact: a checkpointed reader of the log that acts. It is told every event of its
 * types at least once, also after a crash, so acting twice must change nothing. A throw is retried with
 * back-off while the policy goes on with later events; nothing is dropped.
 */
export type Policy<Event extends { type: string; data: object }> = Readonly<{
  name: string;
  reads: readonly Event['type'][];
  on(event: Told<Event>): Promise<void>;
}>;

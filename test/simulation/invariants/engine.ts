import type { Position, RecordedEvent } from '../../../src/shared/application/ports/event-store.port.js';
import { ProjectionFold } from '../../../src/shared/application/projection-fold.js';
import { expectedHash, GENESIS } from '../../../src/shared/infrastructure/event-store/hash-chain.js';
import { allOf } from '../twins/simulated.read-store.js';
import { catalog } from '../world/wiring.js';
import { type Ack, Invariant } from './invariant.js';

/** I6: the log only grows: revisions are dense, and every event follows from the one before it in its stream. */
export class LogOnlyGrows extends Invariant {
  readonly name = 'I6 the log only grows';
  private readonly seen: string[] = [];

  override appended({ hash, position }: RecordedEvent): void {
    this.seen.push(hash);
    if (position !== this.seen.length) this.broken(`position ${position} follows ${this.seen.length - 1}`);
  }

  override async atRest(): Promise<void> {
    const { disk } = this.facts;
    const changed = disk.log.findIndex(({ hash }, at) => hash !== this.seen[at]);
    if (changed >= 0 || disk.log.length !== this.seen.length)
      this.broken(`the log was rewritten at ${changed}`);
    for (const name of disk.names) {
      let before = GENESIS;
      for (const [at, event] of disk.read(name).entries()) {
        if (event.revision !== at) this.broken(`${name} has revision ${event.revision} in place ${at}`);
        if (expectedHash(event, before) !== event.hash)
          this.broken(`event ${at} of ${name} does not match its hash`);
        before = event.hash;
      }
    }
  }
}

/** I7: rows are exactly the fold of the log. */
export class RowsAreTheFold extends Invariant {
  readonly name = 'I7 rows are the fold of the log';

  override async atRest(): Promise<void> {
    for (const projection of this.facts.projections) {
      const fold = new ProjectionFold(projection);
      for (const event of this.facts.disk.log) {
        if (!projection.reads.includes(event.type)) continue;
        const told = catalog.decode(event);
        fold.apply(told, projection.keys(told));
      }
      const expected = JSON.stringify([...fold.rows()]);
      for (const rows of this.facts.rows()) {
        const found = JSON.stringify(await allOf(rows, projection));
        if (found !== expected) this.broken(`${projection.name}: ${difference(expected, found)}`);
      }
    }
  }
}

function difference(expected: string, found: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === found[at]) at += 1;
  return `expected …${expected.slice(Math.max(0, at - 60), at + 60)}…, found …${found.slice(Math.max(0, at - 60), at + 60)}…`;
}

/** I8: what was acknowledged is in the log, in its place, and stays there. */
export class AckedIsDurable extends Invariant {
  readonly name = 'I8 acked is durable';
  private readonly acked: Ack[] = [];

  override acknowledged(ack: Ack): void {
    this.acked.push(ack);
    this.check(ack);
  }

  override async atRest(): Promise<void> {
    for (const ack of this.acked) this.check(ack);
  }

  private check({ stream, ids }: Ack): void {
    const stored = this.facts.disk.read(stream);
    const missing = ids.find((id) => !stored.some((event) => event.id === id));
    if (missing) this.broken(`event ${missing} of ${stream} was acknowledged and is not there`);
  }
}

/** I9: one key, one Stripe event: at most one effect. */
export class OnceOnly extends Invariant {
  readonly name = 'I9 once only';
  private readonly byCall = new Map<string, string>();

  override appended({ type, stream, metadata }: RecordedEvent): void {
    if (stream.startsWith('stripe_evt-')) {
      const types = this.facts.disk.read(stream).map((event) => event.type);
      if (types[0] !== 'StripeEventReceived') this.broken(`${stream} was acted on and never received`);
      if (types.filter((one) => one === 'StripeEventReceived').length > 1)
        this.broken(`${stream} was received twice`);
      if (types.length > 2) this.broken(`${stream} was acted on twice: ${types.join(', ')}`);
    }
    const call = metadata['$correlationId'] ?? '';
    if ((type !== 'PaymentReserved' && type !== 'LinkCreated') || !call.startsWith('key ')) return;
    const made =
      type === 'LinkCreated' ? stream : String(this.facts.disk.read(stream).at(-1)?.data['payment']);
    const first = this.byCall.get(`${call} ${type}`) ?? made;
    this.byCall.set(`${call} ${type}`, first);
    if (first !== made) this.broken(`the call ${call} made both ${first} and ${made}`);
  }
}

/** I11: nobody has seen more of the log than there is. */
export class NoReaderAhead extends Invariant {
  readonly name = 'I11 no reader ahead of the log';

  override reached(name: string, to: Position): void {
    if (to > this.facts.disk.head)
      this.broken(`${name} stands at ${to}, the log ends at ${this.facts.disk.head}`);
  }
}

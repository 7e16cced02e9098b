import type { Position, RecordedEvent } from '../../../src/shared/application/ports/event-store.port.js';
import type { ReadStore } from '../../../src/shared/application/ports/read-store.port.js';
import type { AnyProjection } from '../../../src/shared/application/projection-fold.js';
import type { StoreId } from '../../../src/shared/domain/ids.js';
import type { Disk } from '../twins/disk.js';
import type { Inbox } from '../twins/simulated.mailer.js';
import type { SimulatedStripe } from '../twins/simulated-stripe.js';
import type { StripeRefund } from '../twins/stripe-money-back.js';
import type { Intent } from '../twins/stripe-objects.js';
import type { Books } from './books.js';
import { Violation } from './violation.js';

/** All there is to know of a world: what checkers see, and the code under test does not. */
export type Facts = Readonly<{
  disk: Disk;
  stripe: SimulatedStripe;
  inbox: Inbox;
  books: Books;
  nodes: number;
  /** How often a process has died. */
  deaths: () => number;
  /** The row stores of all nodes. */
  rows: () => readonly ReadStore[];
  /** Whether some clock has jumped. */
  hasJumped: () => boolean;
  /** Whether a store is not connected, or was so a moment ago. */
  hasLeft: (store: StoreId) => boolean;
  /** Those that every node keeps. */
  projections: readonly AnyProjection[];
}>;

/** An acknowledged append. */
export type Ack = Readonly<{ stream: string; ids: readonly string[] }>;

/** One promise, checked in every moment in which it could be broken, and once more when the world is at rest. */
export abstract class Invariant {
  /** Its id in the design and what it promises. */
  abstract readonly name: string;

  constructor(protected readonly facts: Facts) {}

  /** An event has become durable; the books have it. */
  appended(_event: RecordedEvent): void {}

  /** Stripe has taken money. */
  captured(_intent: Intent): void {}

  /** Stripe has given money back, or is about to. */
  refunded(_refund: StripeRefund): void {}

  /** The code under test was told that its events are stored. */
  acknowledged(_ack: Ack): void {}

  /** A reader of the log says how far it has come. */
  reached(_name: string, _to: Position): void {}

  /** Everything has come to an end. */
  async atRest(): Promise<void> {}

  protected broken(what: string): never {
    throw new Violation(this.name, what);
  }
}

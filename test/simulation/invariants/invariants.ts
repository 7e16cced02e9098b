import type { Position, RecordedEvent } from '../../../src/shared/application/ports/event-store.port.js';
import type { StripeRefund } from '../twins/stripe-money-back.js';
import type { Intent } from '../twins/stripe-objects.js';
import { RunsTellTheTruth } from './agreement.js';
import { AckedIsDurable, LogOnlyGrows, NoReaderAhead, OnceOnly, RowsAreTheFold } from './engine.js';
import type { Ack, Facts, Invariant } from './invariant.js';
import { EverythingEnds } from './liveness.js';
import {
  FailedMeansOver,
  MoneyIsWhole,
  NeverChargedLate,
  NeverHeldTwice,
  NoDoubleCharge,
  NoLostPayment,
  PaidMeansPaid,
} from './money.js';
import { MailAtLeastOnce, MisfitsHaveOwners, OnePagePerLink, StoresStayApart } from './people.js';
import { NoDoubleRefund, NoLostRefund } from './way-back.js';

/** Every promise, each looked after by a checker of its own. */
export class Invariants {
  readonly liveness: EverythingEnds;
  readonly pages: OnePagePerLink;
  readonly all: readonly Invariant[];

  constructor(facts: Facts) {
    this.liveness = new EverythingEnds(facts);
    this.pages = new OnePagePerLink(facts);
    this.all = [
      new NoDoubleCharge(facts),
      new NoLostPayment(facts),
      new NoDoubleRefund(facts),
      new NoLostRefund(facts),
      new PaidMeansPaid(facts),
      new NeverHeldTwice(facts),
      new FailedMeansOver(facts),
      new LogOnlyGrows(facts),
      new RowsAreTheFold(facts),
      new AckedIsDurable(facts),
      new OnceOnly(facts),
      this.liveness,
      new NoReaderAhead(facts),
      new MailAtLeastOnce(facts),
      new StoresStayApart(facts),
      new MoneyIsWhole(facts),
      this.pages,
      new MisfitsHaveOwners(facts),
      new NeverChargedLate(facts),
      new RunsTellTheTruth(facts),
    ];
  }

  appended(event: RecordedEvent): void {
    for (const one of this.all) one.appended(event);
  }

  captured(intent: Intent): void {
    for (const one of this.all) one.captured(intent);
  }

  refunded(refund: StripeRefund): void {
    for (const one of this.all) one.refunded(refund);
  }

  acknowledged(ack: Ack): void {
    for (const one of this.all) one.acknowledged(ack);
  }

  reached(name: string, to: Position): void {
    for (const one of this.all) one.reached(name, to);
  }

  async atRest(): Promise<void> {
    for (const one of this.all) await one.atRest();
  }
}

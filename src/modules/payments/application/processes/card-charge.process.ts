import { Injectable } from '@nestjs/common';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentId } from '../../../../shared/domain/ids.js';
import { ENDED, type ExistingPayment, type PaymentCommand, paymentAggregate } from '../../domain/payment.js';
import { isShut, isSilence, RIGHT_MISSING, unlessRefused } from '../gateway-answers.js';
import {
  GatewayForbidden,
  GatewayRefused,
  type IntentState,
  PaymentGateway,
} from '../ports/payment-gateway.port.js';
import { AUTHENTICATION_MS, toPaymentCommand } from './intent-outcome.js';
import { Settlement } from './settlement.process.js';

type CardPayment = ExistingPayment & { asked: { method: { channel: 'card' } } };

/** How the payment stands, and what kept us from hearing of it the last time we asked. */
type Driven = Readonly<{ payment: ExistingPayment; silence: Error | null }>;

/** One at a time for each payment; `tell` answers all who wait for it. */
type Drive = Readonly<{ outcome: Promise<Driven>; tell: (driven: Driven) => void }>;

/** Waits between two looks at an unknown outcome, while a caller waits for the answer. */
const PATIENCE_MS = [200, 400, 800, 1_500, 3_000];

/**
 * Drives one card payment to its end: intent created, its id stored, then confirmed. The same steps serve the
 * live request, a webhook, the sweep and a restart, since each begins from what the history says.
 */
@Injectable()
export class CardCharge {
  readonly #driving = new Map<PaymentId, Drive>();

  constructor(
    private readonly streams: Streams,
    private readonly gateway: PaymentGateway,
    private readonly settlement: Settlement,
    private readonly clock: Clock,
  ) {}

  /** Returns when the payment is at rest (ended, or waiting for the customer), or at `until`. Settles what has ended. */
  async drive(id: PaymentId, context: Context, until: Date = this.clock.now()): Promise<ExistingPayment> {
    return (await this.#driveOn(id, context, until)).payment;
  }

  /**
   * For who has news of a payment: drives it on, or, where a drive waits for an answer that may never come, looks
   * beside it and tells those who wait.
   * @throws where Stripe does not say how the payment stands: the news is not heard yet. Of one whose intent is only being
   * made there is none.
   */
  async hear(id: PaymentId, context: Context): Promise<void> {
    const before = await this.#load(id);
    const drive = this.#driving.get(id);
    if (!drive && !ENDED.has(before.status)) {
      const { silence } = await this.#driveOn(id, context, this.clock.now());
      if (silence) throw silence;
    } else if (before.intent && before.status !== 'captured') {
      const state = await this.gateway.findIntent(before.asked.store, before.intent);
      await this.#record(id, this.#toCommand(state, await this.#load(id), context), context);
      await this.settlement.settle(id, context);
      const payment = await this.#load(id);
      if (isAtRest(payment)) drive?.tell({ payment, silence: null });
    } else await this.settlement.settle(id, context);
  }

  #driveOn(id: PaymentId, context: Context, until: Date): Promise<Driven> {
    return (this.#driving.get(id) ?? this.#start(id, context, until)).outcome;
  }

  #start(id: PaymentId, context: Context, until: Date): Drive {
    const told = Promise.withResolvers<Driven>();
    const driven = this.#drive(id, context, until).finally(() => this.#driving.delete(id));
    const drive = { outcome: Promise.race([driven, told.promise]), tell: told.resolve };
    this.#driving.set(id, drive);
    return drive;
  }

  /** Ends a payment that has not captured, by cancelling its intent at Stripe and believing the answer. */
  async cancel(id: PaymentId, context: Context): Promise<ExistingPayment> {
    for (let payment = await this.#load(id); !ENDED.has(payment.status); ) {
      const { intent } = payment;
      const state = intent ? await this.gateway.cancelIntent(payment.asked.store, intent) : null;
      const voided: PaymentCommand = { type: 'VoidPayment', why: 'voided', intent: null };
      await this.#record(id, state ? this.#toCommand(state, payment, context) : voided, context);
      payment = await this.#load(id);
      // An intent that came to be known meanwhile is cancelled too; one that Stripe is still working on is not over.
      if (payment.intent === intent) break;
    }
    await this.settlement.settle(id, context);
    return this.#load(id);
  }

  async #drive(id: PaymentId, context: Context, until: Date): Promise<Driven> {
    let silence: Error | null = null;
    for (let look = 0; ; look++) {
      silence = await this.#advance(id, context);
      const payment = await this.#load(id);
      const pause = PATIENCE_MS[look];
      if (isAtRest(payment) || pause === undefined || this.clock.now().getTime() + pause > until.getTime())
        break;
      await this.clock.sleep(pause);
    }
    await this.settlement.settle(id, context);
    return { payment: await this.#load(id), silence };
  }

  /** As far as it goes without waiting. Answers with what Stripe's answer was lost to, if it was. */
  async #advance(id: PaymentId, context: Context): Promise<Error | null> {
    const payment = await this.#load(id);
    if (ENDED.has(payment.status)) return null;
    try {
      if (payment.intent) await this.#lookAgain(id, payment, payment.intent, context);
      else await this.#begin(id, payment, context);
      return null;
    } catch (error) {
      if (!isSilence(error)) throw error;
      await this.#record(id, { type: 'RecordUnknownOutcome', detail: error.message }, context);
      return error;
    }
  }

  async #begin(id: PaymentId, payment: CardPayment, context: Context): Promise<void> {
    if (this.#isStale(payment)) {
      const message = 'The charge could not be begun in time. No money has moved.';
      return this.#record(
        id,
        { type: 'RecordFailure', failure: failure('not_started', message), intent: null },
        context,
      );
    }
    const intent = await this.#createIntent(id, payment, context);
    if (!intent) return;
    // The id is stored before money can move: from here the outcome can always be looked up.
    const command = { type: 'RecordIntent', intent } as const;
    const { state } = await this.streams.handle(paymentAggregate, id, command, context);
    const isOurs = state.status !== 'none' && !ENDED.has(state.status) && state.intent === intent;
    if (isOurs) await this.#confirm(id, { ...payment, intent }, intent, context);
    // Given up while it was being made: nobody will confirm it, so it need not lie about at Stripe either.
    else if (state.status !== 'none' && state.intent === null) {
      await this.gateway.cancelIntent(payment.asked.store, intent).catch(unlessRefused);
    }
  }

  /** Nothing can have been charged yet, so what is refused here has failed. */
  async #createIntent(id: PaymentId, { asked }: CardPayment, context: Context): Promise<string | null> {
    try {
      return await this.gateway.createIntent({
        store: asked.store,
        order: asked.order,
        orderNumber: asked.order_number,
        payment: id,
        amount: asked.amount,
        currency: asked.currency,
        paymentMethod: asked.method.payment_method,
        saveCard: asked.method.save_card,
        moto: asked.method.moto,
      });
    } catch (error) {
      const refused = refusedBeforeMoney(error);
      if (!refused) throw error;
      await this.#record(id, { type: 'RecordFailure', failure: refused, intent: null }, context);
      return null;
    }
  }

  /** Asks Stripe before acting: an intent that reads unconfirmed may have its confirm still on the way, so the key is the same. */
  async #lookAgain(id: PaymentId, payment: CardPayment, intent: string, context: Context): Promise<void> {
    const { store } = payment.asked;
    let state = await this.gateway.findIntent(store, intent);
    const isAbandoned = state.kind === 'action_required' && this.#isOver(payment.action?.deadline);
    if (isAbandoned || (state.kind === 'unconfirmed' && this.#isStale(payment))) {
      state = await this.gateway.cancelIntent(store, intent);
    }
    if (state.kind === 'unconfirmed') return this.#confirm(id, payment, intent, context);
    await this.#record(id, this.#toCommand(state, payment, context), context);
  }

  async #confirm(id: PaymentId, payment: CardPayment, intent: string, context: Context): Promise<void> {
    const { store, method } = payment.asked;
    try {
      const state = await this.gateway.confirmIntent({
        store,
        payment: id,
        intent,
        returnUrl: method.return_url,
      });
      await this.#record(id, this.#toCommand(state, payment, context), context);
    } catch (error) {
      if (!(error instanceof GatewayRefused)) throw error;
      // Refused as a request, so nothing moved by it; what the intent is now decides, not the refusal.
      const state = await this.gateway.cancelIntent(store, intent);
      const command = this.#toCommand(state, payment, context);
      const refused: PaymentCommand = {
        type: 'RecordFailure',
        failure: failure(error.code, error.message),
        intent,
      };
      await this.#record(id, state.kind === 'canceled' ? refused : command, context);
    }
  }

  #toCommand(state: IntentState, payment: CardPayment, context: Context): PaymentCommand | null {
    return toPaymentCommand(state, payment, context, this.clock.now());
  }

  async #record(id: PaymentId, command: PaymentCommand | null, context: Context): Promise<void> {
    if (command) await this.streams.handle(paymentAggregate, id, command, context);
  }

  async #load(id: PaymentId): Promise<CardPayment> {
    const { state } = await this.streams.load(paymentAggregate, id);
    if (state.status === 'none' || !isCard(state)) throw new Error(`${id} is not a card payment`);
    return state;
  }

  /** Past; or further ahead than any deadline is set, since the clock was wrong that wrote it. Then nobody waits for it. */
  #isOver(deadline: string | undefined): boolean {
    const left = Date.parse(deadline ?? '') - this.clock.now().getTime();
    return left < 0 || left > 2 * AUTHENTICATION_MS;
  }

  #isStale(payment: CardPayment): boolean {
    return this.#isPast(payment.asked.method.confirm_by);
  }

  #isPast(instant: string | undefined): boolean {
    return instant !== undefined && this.clock.now().getTime() > Date.parse(instant);
  }
}

function isAtRest({ status }: ExistingPayment): boolean {
  return ENDED.has(status) || status === 'requires_action';
}

function isCard(payment: ExistingPayment): payment is CardPayment {
  return payment.asked.method.channel === 'card';
}

function failure(code: string, message: string) {
  return { code, decline_code: null, advice_code: null, message, charge: null };
}

/** What Stripe or the store's connection says no to while no intent is known: nothing can have been charged. */
function refusedBeforeMoney(error: unknown) {
  if (error instanceof GatewayRefused) return failure(error.code, error.message);
  if (error instanceof GatewayForbidden) return failure(RIGHT_MISSING, error.message);
  if (isShut(error)) return failure(error.code, error.detail);
  return null;
}

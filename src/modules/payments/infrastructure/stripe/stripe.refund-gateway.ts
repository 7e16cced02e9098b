import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { PaymentId, RefundId, StoreId } from '../../../../shared/domain/ids.js';
import { StripeDeclined } from '../../../../shared/infrastructure/stripe/stripe-failure.js';
import { StripeAccounts } from '../../../stores/index.js';
import {
  GatewayForbidden,
  GatewayRefused,
  GatewayUnreachable,
} from '../../application/ports/payment-gateway.port.js';
import {
  type FoundRefund,
  RefundGateway,
  type RefundRequest,
} from '../../application/ports/refund-gateway.port.js';
import type { DisputeFact } from '../../domain/dispute.js';
import type { RefundFact } from '../../domain/refund.js';
import { metadataOf, StripeCalls } from './stripe-calls.js';

/** Refunds and disputes through Stripe's own SDK. */
@Injectable()
export class StripeRefundGateway extends RefundGateway {
  readonly #calls: StripeCalls;

  constructor(accounts: StripeAccounts) {
    super();
    this.#calls = new StripeCalls(accounts);
  }

  override async createRefund(request: RefundRequest): Promise<RefundFact> {
    const { store, refund, intent, amount, reason } = request;
    const params: Stripe.RefundCreateParams = {
      payment_intent: intent,
      amount,
      ...(reason && { reason }),
      metadata: { ...metadataOf(request), refund },
    };
    // Two refunds give the money back twice, so no second key is used before it is sure that the first made none.
    const find = async () => {
      const all = await this.#refunds(store, intent).catch(unseen);
      return all.find(isOurs(refund)) ?? null;
    };
    try {
      const create = (stripe: Stripe, options: Stripe.RequestOptions) =>
        stripe.refunds.create(params, options);
      return toRefundFact(await this.#calls.askUnder(`${refund}:create`, store, create, find));
    } catch (error) {
      const refused = asRefusal(error);
      // Perhaps refused because it was made already, and its key forgotten since.
      const made = refused ? await find() : null;
      if (made) return toRefundFact(made);
      throw refused ?? error;
    }
  }

  override async refundsOf(store: StoreId, intent: string): Promise<readonly FoundRefund[]> {
    const found = await this.#refunds(store, intent);
    return found.map((refund) => ({ ...toRefundFact(refund), refund: ourIdOf(refund) }));
  }

  override async disputesOf(store: StoreId, intent: string): Promise<readonly DisputeFact[]> {
    const { data } = await this.#calls.ask(store, (stripe) =>
      stripe.disputes.list({ payment_intent: intent, limit: 100 }),
    );
    return data.map(toDisputeFact);
  }

  override async paymentOf(store: StoreId, intent: string): Promise<PaymentId | null> {
    const { metadata } = await this.#calls.ask(store, (stripe) => stripe.paymentIntents.retrieve(intent));
    const payment = metadata['payment'];
    return payment?.startsWith('pay_') && metadata['store'] === store ? (payment as PaymentId) : null;
  }

  async #refunds(store: StoreId, intent: string): Promise<readonly Stripe.Refund[]> {
    const refunds: Stripe.Refund[] = [];
    let startingAfter: string | undefined;
    do {
      const from = startingAfter && { starting_after: startingAfter };
      const page = await this.#calls.ask(store, (stripe) =>
        stripe.refunds.list({ payment_intent: intent, limit: 100, ...from }),
      );
      refunds.push(...page.data);
      startingAfter = page.has_more ? page.data.at(-1)?.id : undefined;
    } while (startingAfter);
    return refunds.reverse();
  }
}

function ourIdOf({ metadata }: Stripe.Refund): RefundId | null {
  const refund = metadata?.['refund'];
  return refund?.startsWith('refund_') ? (refund as RefundId) : null;
}

/** Stripe refuses what cannot be paid out of the account's balance as it declines a card. */
function asRefusal(error: unknown): GatewayRefused | null {
  if (error instanceof StripeDeclined) return new GatewayRefused(error.code, null, error.message);
  return error instanceof GatewayRefused ? error : null;
}

/** Refunds that the key may not see may be there all the same. */
function unseen(error: unknown): never {
  if (!(error instanceof GatewayForbidden)) throw error;
  throw new GatewayUnreachable('whether the refund was made may not be looked at', { cause: error });
}

function isOurs(refund: RefundId) {
  return (found: Stripe.Refund) => ourIdOf(found) === refund;
}

function toRefundFact({ id, status, amount, currency, failure_reason }: Stripe.Refund): RefundFact {
  const ended = status === 'succeeded' || status === 'failed' || status === 'canceled';
  return {
    stripeRefund: id,
    // `pending`, `requires_action`, and whatever Stripe invents: on its way until Stripe says that it is not.
    status: ended ? status : 'pending',
    amount,
    currency,
    failureReason: failure_reason ?? null,
  };
}

function toDisputeFact(dispute: Stripe.Dispute): DisputeFact {
  const { id, charge, amount, currency, reason, evidence_details, balance_transactions } = dispute;
  const due = evidence_details.due_by;
  return {
    stripeDispute: id,
    status: statusOf(dispute.status),
    charge: typeof charge === 'string' ? charge : charge.id,
    amount,
    currency,
    reason,
    dueBy: due ? new Date(due * 1000).toISOString() : null,
    fundsMoved: movesIn(balance_transactions),
  };
}

/** By count, not by sum: in another currency the money may come back as a little less than it went. */
function movesIn(moved: readonly Stripe.BalanceTransaction[]): number {
  const [out, back] = [moved.filter(({ amount }) => amount < 0), moved.filter(({ amount }) => amount > 0)];
  return 2 * back.length + (out.length > back.length ? 1 : 0);
}

const statuses: Readonly<Record<string, DisputeFact['status']>> = {
  warning_needs_response: 'inquiry',
  warning_under_review: 'inquiry',
  warning_closed: 'inquiry_closed',
  needs_response: 'open',
  under_review: 'open',
  won: 'won',
  lost: 'lost',
  prevented: 'prevented',
  // A lost dispute that is looked at again is lost until it is won.
  appeal_needs_response: 'lost',
  appeal_under_review: 'lost',
};

/** A word that Stripe invents is a dispute that is not over. */
function statusOf(status: string): DisputeFact['status'] {
  return statuses[status] ?? 'open';
}

import {
  GatewayForbidden,
  GatewayUnreachable,
} from '../../../src/modules/payments/application/ports/payment-gateway.port.js';
import {
  type FoundRefund,
  RefundGateway,
  type RefundRequest,
} from '../../../src/modules/payments/application/ports/refund-gateway.port.js';
import type { DisputeFact } from '../../../src/modules/payments/domain/dispute.js';
import type { RefundFact } from '../../../src/modules/payments/domain/refund.js';
import type { PaymentId, StoreId } from '../../../src/shared/domain/ids.js';
import { isRefusal, type StripeLine } from './stripe-line.js';
import type { StripeMoneyBack } from './stripe-money-back.js';

/** Money on its way back, as one life of a node reaches it: with the second looks of the real adapter. */
export class SimulatedRefundGateway extends RefundGateway {
  constructor(
    private readonly back: StripeMoneyBack,
    private readonly line: StripeLine,
  ) {
    super();
  }

  override async createRefund(request: RefundRequest): Promise<RefundFact> {
    const { store, refund, intent } = request;
    const find = async () => {
      const all = await this.refundsOf(store, intent).catch(unseen);
      return all.find((one) => one.refund === refund) ?? null;
    };
    const work = () => this.back.createRefund(request);
    try {
      return await this.line.askUnder<RefundFact>(
        { what: 'create refund', key: `${refund}:create`, store, request, work },
        find,
      );
    } catch (error) {
      const made = isRefusal(error) ? await find() : null;
      if (made) return made;
      throw error;
    }
  }

  override refundsOf(store: StoreId, intent: string): Promise<readonly FoundRefund[]> {
    return this.line.ask(store, 'find refunds', () => this.back.refundsOf(store, intent));
  }

  override disputesOf(store: StoreId, intent: string): Promise<readonly DisputeFact[]> {
    return this.line.ask(store, 'find disputes', () => this.back.disputesOf(store, intent));
  }

  override paymentOf(store: StoreId, intent: string): Promise<PaymentId | null> {
    return this.line.ask(store, 'find payment', () => this.back.paymentOf(store, intent));
  }
}

function unseen(error: unknown): never {
  if (!(error instanceof GatewayForbidden)) throw error;
  throw new GatewayUnreachable('whether the refund was made may not be looked at');
}

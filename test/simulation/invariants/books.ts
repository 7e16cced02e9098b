import type { Outcome } from '../../../src/modules/reconciliation/domain/reconciliation.events.js';
import type { RecordedEvent } from '../../../src/shared/application/ports/event-store.port.js';
import type { ReconciliationId, StoreId } from '../../../src/shared/domain/ids.js';
import { OrderBook } from './order-book.js';

export type RefundBook = {
  readonly id: string;
  readonly amount: number;
  /** An exception asked for it, and looks after it. */
  readonly isOfException: boolean;
  stripeRefund: string | null;
  status: 'requested' | 'pending' | 'succeeded' | 'failed' | 'canceled';
};

export type PaymentBook = {
  readonly id: string;
  readonly order: string;
  readonly store: string;
  readonly amount: number;
  readonly link: string | null;
  readonly isOffline: boolean;
  readonly refunds: Map<string, RefundBook>;
  /** By our id: whether it has ended. */
  readonly disputes: Map<string, boolean>;
  status: 'processing' | 'requires_action' | 'unknown' | 'captured' | 'failed' | 'voided';
  intent: string | null;
  captures: number;
  /** A person's decision, where Stripe could not be asked. */
  isGivenUp: boolean;
  /** Its own time: until then nobody gives it up. */
  until: string;
  hasFee: boolean;
};

export type LinkBook = {
  readonly id: string;
  readonly order: string;
  readonly store: string;
  status: 'active' | 'paid' | 'expired' | 'revoked' | 'superseded';
  /** Whether Stripe's page is open as far as we know: one that was only asked for holds nothing. */
  isOpen: boolean;
  isAskedFor: boolean;
};

export type MailBook = {
  readonly id: string;
  readonly messageId: string;
  readonly to: string;
  readonly about: string;
  readonly kind: string;
  status: 'pending' | 'sent' | 'failed';
  attempts: number;
};

export type ExceptionBook = {
  readonly id: string;
  readonly kind: string;
  readonly store: string;
  readonly order: string | null;
  readonly dispute: string | null;
  readonly mail: string | null;
  readonly refund: string | null;
  status: 'open' | 'resolving' | 'resolved';
};

/** What the run of a store that is asked for when all has come to rest is called. */
export const restingRun = (store: StoreId): ReconciliationId => `recon_rest.${store}`;

export type RunBook = {
  readonly id: string;
  readonly store: StoreId;
  readonly from: string;
  readonly to: string;
  status: 'running' | 'completed' | 'failed';
  outcome: Outcome | null;
};

type Data = Readonly<Record<string, unknown>>;

const PAYMENT_ENDS: Readonly<Record<string, PaymentBook['status']>> = {
  ActionRequired: 'requires_action',
  OutcomeUnknown: 'unknown',
  PaymentCaptured: 'captured',
  PaymentFailed: 'failed',
  PaymentVoided: 'voided',
  OfflinePaymentReversed: 'voided',
};

const REFUND_STEPS: Readonly<Record<string, RefundBook['status']>> = {
  RefundPending: 'pending',
  RefundSucceeded: 'succeeded',
  RefundFailed: 'failed',
  RefundCanceled: 'canceled',
};

const LINK_ENDS: Readonly<Record<string, LinkBook['status']>> = {
  LinkPaid: 'paid',
  LinkRevoked: 'revoked',
  LinkExpired: 'expired',
  LinkSuperseded: 'superseded',
};

const bare = (stream: string) => stream.slice(stream.indexOf('-') + 1);

/** The log told once more, in as few words as possible and without a line of the code under test: what checkers go by. */
export class Books {
  readonly orders = new Map<string, OrderBook>();
  readonly payments = new Map<string, PaymentBook>();
  readonly links = new Map<string, LinkBook>();
  readonly mails = new Map<string, MailBook>();
  readonly exceptions = new Map<string, ExceptionBook>();
  readonly runs = new Map<string, RunBook>();
  /** Pages of Stripe's that a customer may have been shown: a link names one only once it is in the log. */
  readonly shown = new Set<string>();

  read({ stream, type, data, metadata }: RecordedEvent): void {
    const id = bare(stream);
    if (stream.startsWith('order-')) this.order(`order_${id}`, type, data);
    else if (stream.startsWith('payment-'))
      this.payment(`pay_${id}`, type, data, metadata['$causationId'] ?? '');
    else if (stream.startsWith('link-')) this.link(`link_${id}`, type, data);
    else if (stream.startsWith('exception-')) this.exception(`exc_${id}`, type, data);
    else if (stream.startsWith('recon-')) this.run(`recon_${id}`, type, data);
    else if (stream.startsWith('mail-')) this.mail(`mail_${id}`, type, data);
  }

  orderOf(payment: string | null): OrderBook | undefined {
    return this.orders.get(this.payments.get(payment ?? '')?.order ?? '');
  }

  private order(id: string, type: string, data: Data): void {
    if (type === 'OrderOpened') this.orders.set(id, new OrderBook(id, data));
    else this.orders.get(id)?.read(type, data);
  }

  private payment(id: string, type: string, data: Data, cause: string): void {
    if (type === 'PaymentInitiated' || type === 'OfflinePaymentRecorded') {
      this.payments.set(id, begun(id, type === 'OfflinePaymentRecorded', data));
      return;
    }
    const payment = this.payments.get(id);
    if (!payment) return;
    payment.status = PAYMENT_ENDS[type] ?? payment.status;
    if (type === 'PaymentIntentCreated' || type === 'PaymentCaptured')
      payment.intent = data['intent'] as string;
    if (type === 'PaymentCaptured') {
      payment.captures += 1;
      payment.isGivenUp = false;
    }
    if (type === 'PaymentVoided') payment.isGivenUp = data['why'] === 'given_up';
    if (type === 'ActionRequired') payment.until = data['deadline'] as string;
    if (type === 'FeeRecorded') payment.hasFee = true;
    if (type === 'DisputeOpened') payment.disputes.set(data['dispute'] as string, false);
    if (type === 'DisputeClosed') payment.disputes.set(data['dispute'] as string, true);
    if (type.includes('Refund')) refunded(payment, type, data, cause);
  }

  private link(id: string, type: string, data: Data): void {
    if (type === 'LinkCreated') {
      const { order, store } = data as { order: string; store: string };
      this.links.set(id, { id, order, store, status: 'active', isOpen: false, isAskedFor: false });
    }
    const link = this.links.get(id);
    if (!link) return;
    if (type === 'SessionRequested') link.isAskedFor = true;
    else if (type === 'SessionOpened') {
      link.isOpen = true;
      this.shown.add(data['checkout_session'] as string);
    } else if (type === 'SessionEnded') link.isOpen = link.isAskedFor = false;
    else link.status = LINK_ENDS[type] ?? link.status;
  }

  private exception(id: string, type: string, data: Data): void {
    if (type === 'ExceptionOpened') {
      this.exceptions.set(id, { ...(data as Omit<ExceptionBook, 'id' | 'status'>), id, status: 'open' });
    }
    const exception = this.exceptions.get(id);
    if (!exception) return;
    if (type === 'ResolutionChosen') exception.status = 'resolving';
    else if (type === 'ResolutionRefused') exception.status = 'open';
    else if (type === 'ExceptionResolved') exception.status = 'resolved';
  }

  private run(id: string, type: string, data: Data): void {
    if (type === 'ReconciliationRequested') {
      const { store, from, to } = data as { store: StoreId; from: string; to: string };
      this.runs.set(id, { id, store, from, to, status: 'running', outcome: null });
    }
    const run = this.runs.get(id);
    if (!run) return;
    if (type === 'ReconciliationFailed') run.status = 'failed';
    if (type !== 'ReconciliationCompleted') return;
    run.status = 'completed';
    run.outcome = data as unknown as Outcome;
  }

  private mail(id: string, type: string, data: Data): void {
    if (type === 'MailQueued') {
      const queued = data as { message_id: string; to: { address: string }; about: string; kind: string };
      const { message_id: messageId, to, about, kind } = queued;
      this.mails.set(id, { id, messageId, to: to.address, about, kind, status: 'pending', attempts: 0 });
      return;
    }
    const mail = this.mails.get(id);
    if (!mail) return;
    mail.attempts += 1;
    if (type === 'MailSent') mail.status = 'sent';
    else if (type === 'MailFailed') mail.status = 'failed';
  }
}

function begun(id: string, isOffline: boolean, data: Data): PaymentBook {
  const { order, store, amount, method } = data as {
    order: string;
    store: string;
    amount: number;
    method: { link?: string; expires_at?: string; confirm_by?: string };
  };
  return {
    id,
    order,
    store,
    amount,
    link: method.link ?? null,
    isOffline,
    refunds: new Map(),
    disputes: new Map(),
    status: isOffline ? 'captured' : 'processing',
    intent: null,
    captures: 0,
    isGivenUp: false,
    until: method.expires_at ?? method.confirm_by ?? '',
    hasFee: false,
  };
}

function refunded(payment: PaymentBook, type: string, data: Data, cause: string): void {
  const id = data['refund'] as string;
  const stripeRefund = (data['stripe_refund'] as string | null | undefined) ?? null;
  if (type === 'RefundRequested' || type === 'ExternalRefundDetected') {
    const isOfException = cause.startsWith('exc_');
    const amount = data['amount'] as number;
    payment.refunds.set(id, { id, amount, isOfException, stripeRefund, status: 'requested' });
    return;
  }
  const refund = payment.refunds.get(id);
  if (!refund) return;
  refund.status = REFUND_STEPS[type] ?? refund.status;
  refund.stripeRefund = stripeRefund ?? refund.stripeRefund;
}

import type { Account, AccountNote, ApiKey, Connection, OAuthCode } from '../objects/account.js';
import type { BalanceTransaction, BalanceTransactionNote } from '../objects/balance-transaction.js';
import type { Charge, ChargeNote } from '../objects/charge.js';
import type { CheckoutSession, SessionNote } from '../objects/checkout-session.js';
import type { ConfirmationToken } from '../objects/confirmation-token.js';
import type { Customer } from '../objects/customer.js';
import type { Dispute } from '../objects/dispute.js';
import type { EarlyFraudWarning } from '../objects/early-fraud-warning.js';
import type { Delivery, EventNote, StripeEvent } from '../objects/event.js';
import type { Job } from '../objects/job.js';
import type { IntentNote, PaymentIntent } from '../objects/payment-intent.js';
import type { PaymentMethod, PaymentMethodNote } from '../objects/payment-method.js';
import type { Payout } from '../objects/payout.js';
import type { Refund, RefundNote } from '../objects/refund.js';
import type { SetupIntent, SetupIntentNote } from '../objects/setup-intent.js';
import type { EndpointNote, WebhookEndpoint } from '../objects/webhook-endpoint.js';
import type { ClockSetting } from './clock.js';
import type { Change, Journal } from './journal.js';
import { Table, type Touch } from './table.js';

/** What was answered to a key, to be answered again. */
export type Remembered = Readonly<{
  method: string;
  path: string;
  hash: string;
  status: number;
  body: string;
  requestId: string;
  at: number;
}>;

/** All there is in the sandbox, in memory; every commit goes to the journal as one. */
export class Books {
  private readonly tables: Table<unknown, unknown>[] = [];
  private touches: Touch[] | undefined;

  readonly accounts = this.table<Account, AccountNote>('accounts');
  readonly keys = this.table<ApiKey>('keys');
  readonly connections = this.table<Connection>('connections');
  readonly oauthCodes = this.table<OAuthCode>('oauth_codes');
  readonly customers = this.table<Customer>('customers');
  readonly paymentMethods = this.table<PaymentMethod, PaymentMethodNote>('payment_methods');
  readonly paymentIntents = this.table<PaymentIntent, IntentNote>('payment_intents');
  readonly setupIntents = this.table<SetupIntent, SetupIntentNote>('setup_intents');
  readonly confirmationTokens = this.table<ConfirmationToken, PaymentMethodNote>('confirmation_tokens');
  readonly charges = this.table<Charge, ChargeNote>('charges');
  readonly refunds = this.table<Refund, RefundNote>('refunds');
  readonly disputes = this.table<Dispute>('disputes');
  readonly fraudWarnings = this.table<EarlyFraudWarning>('early_fraud_warnings');
  readonly sessions = this.table<CheckoutSession, SessionNote>('checkout_sessions');
  readonly balanceTransactions = this.table<BalanceTransaction, BalanceTransactionNote>(
    'balance_transactions',
  );
  readonly payouts = this.table<Payout>('payouts');
  readonly events = this.table<StripeEvent, EventNote>('events');
  readonly endpoints = this.table<WebhookEndpoint, EndpointNote>('webhook_endpoints');
  readonly deliveries = this.table<Delivery>('deliveries');
  readonly remembered = this.table<Remembered>('idempotency_keys');
  readonly jobs = this.table<Job>('jobs');
  readonly clockSettings = this.table<ClockSetting>('clock');

  constructor(private journal: Journal) {}

  /** Everything that `work` changes is kept, or nothing is. Commits within a commit are part of it. */
  commit<T>(work: () => T): T {
    if (this.touches) return work();
    const touches: Touch[] = [];
    this.touches = touches;
    try {
      const result = work();
      this.keep(touches);
      return result;
    } catch (error) {
      for (const { table, id, before } of touches.reverse()) table.restore(id, before);
      throw error;
    } finally {
      this.touches = undefined;
    }
  }

  /** Resolves once every commit so far is safe on disk: nobody is told before. */
  settled(): Promise<void> {
    return this.journal.settled();
  }

  keepIn(journal: Journal): void {
    this.journal = journal;
  }

  replay([table, id, account, object, note]: Change): void {
    const found = this.tables.find(({ name }) => name === table);
    found?.restore(id, object === null ? undefined : { account, object, note });
  }

  *snapshot(): Generator<Change> {
    for (const table of this.tables) {
      for (const { id, account, object, note } of table.all()) yield [table.name, id, account, object, note];
    }
  }

  clear(): void {
    this.commit(() => {
      for (const table of this.tables) for (const { id } of [...table.all()]) table.remove(id);
    });
  }

  private keep(touches: readonly Touch[]): void {
    if (touches.length === 0) return;
    const rows = new Map(touches.map(({ table, id }) => [`${table.name}/${id}`, { table, id }]));
    this.journal.append(
      Array.from(rows.values(), ({ table, id }): Change => {
        const row = table.find(id);
        return row ? [table.name, id, row.account, row.object, row.note] : [table.name, id, '', null, null];
      }),
    );
  }

  private table<T, N = null>(name: string): Table<T, N> {
    const table = new Table<T, N>(name, (touch) => {
      if (!this.touches) throw new Error(`${name} can only be changed within a commit`);
      this.touches.push(touch);
    });
    this.tables.push(table as unknown as Table<unknown, unknown>);
    return table;
  }
}

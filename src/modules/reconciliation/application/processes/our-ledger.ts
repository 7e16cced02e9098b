import { Injectable } from '@nestjs/common';
import { EventStore } from '../../../../shared/application/ports/event-store.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Subscriptions } from '../../../../shared/application/subscriptions.js';
import type { PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import { includes, type Period } from '../../domain/period.js';
import { ledgerEntries } from '../projections/ledger-entries.projection.js';
import type { LedgerRow } from '../projections/ledger-row.js';

const PAGE = 500;
/** So many values of one index are read each by its own. */
const AT_A_TIME = 16;
const CATCH_UP_MS = 15_000;

/** The rows have not come as far as the log: whoever compared now would find differences that are none. */
export class LedgerBehind extends Error {
  override readonly name = 'LedgerBehind';
}

/** Our own side of the books. */
@Injectable()
export class OurLedger {
  constructor(
    private readonly readModel: ReadModel,
    private readonly subscriptions: Subscriptions,
    private readonly log: EventStore,
  ) {}

  /** From here on the rows hold all that the log held at the time of the call. @throws LedgerBehind */
  async catchUp(): Promise<void> {
    if (await this.subscriptions.waitFor(await this.log.head(), CATCH_UP_MS)) return;
    throw new LedgerBehind('the read model is behind the log');
  }

  /** Rows that moved money in the period, by their key. */
  async movedIn(store: StoreId, period: Period): Promise<ReadonlyMap<string, LedgerRow>> {
    const { from, to } = period;
    const found = new Map<string, LedgerRow>();
    const keep = async (query: Parameters<ReadModel['all']>[1]) => {
      for await (const { _key, ...row } of this.readModel.all(ledgerEntries, query)) {
        if (row.moved.some(({ at }) => includes(period, at))) found.set(_key, row);
      }
    };
    const limit = PAGE;
    // A charge moves money once; what comes back may do so again, and is filed under the last time.
    await keep({ where: { store, kind: 'charge' }, createdAt: { gte: from, lt: to }, limit });
    await keep({ where: { store, kind: ['refund', 'dispute'] }, createdAt: { gte: from }, limit });
    return found;
  }

  /** Those of these payments that are the store's, whether or not money has come by them. */
  async paymentsOf(store: StoreId, payments: readonly PaymentId[]): Promise<readonly PaymentId[]> {
    const rows = await this.readModel.getMany(ledgerEntries, payments);
    return payments.filter((payment) => rows.get(payment)?.store === store);
  }

  /** Whatever we know of these objects of Stripe's, whenever it was. */
  async bySource(store: StoreId, sources: Iterable<string>): Promise<ReadonlyMap<string, LedgerRow>> {
    const all = [...new Set(sources)];
    const found = new Map<string, LedgerRow>();
    for (let at = 0; at < all.length; at += AT_A_TIME) {
      const where = { store, source: all.slice(at, at + AT_A_TIME) };
      for await (const { _key, ...row } of this.readModel.all(ledgerEntries, { where, limit: PAGE }))
        found.set(_key, row);
    }
    return found;
  }
}

import { Healing } from '../../../src/modules/reconciliation/application/processes/healing.process.js';
import { ledgerEntries } from '../../../src/modules/reconciliation/application/projections/ledger-entries.projection.js';
import { but, type Mutant, patch } from './planting.js';

/** Our ledger as if no such event had ever been. */
function deafTo(type: string): Mutant['make'] {
  return () => ({
    plant: () =>
      patch(
        ledgerEntries,
        'project',
        (project) => (row, event, key) => (event.type === type ? (row ?? null) : project(row, event, key)),
      ),
  });
}

/** What can be got wrong when our ledger is compared with Stripe's. */
export const booksMutants: readonly Mutant[] = [
  {
    name: 'knows only how the money of a dispute stands now',
    make: () => ({
      surgery: {
        refundGateway: (gateway) =>
          but(gateway, {
            disputesOf: async (store, intent) =>
              (await gateway.disputesOf(store, intent)).map((fact) => ({
                ...fact,
                fundsMoved: fact.fundsMoved % 2,
              })),
          }),
      },
    }),
  },
  { name: 'books a refund only once it has succeeded', make: deafTo('RefundPending') },
  { name: 'books nothing where a refund comes back', make: deafTo('RefundFailed') },
  {
    name: 'calls a difference what it merely has not heard of',
    make: () => ({ plant: () => patch(Healing.prototype, 'heal', () => async () => false) }),
  },
  {
    name: 'reads the newest bookings only',
    make: () => ({
      surgery: {
        stripeBooks: (books) =>
          but(books, {
            bookings: async (store, period) => (await books.bookings(store, period)).slice(-1),
            standing: async () => ({ bookings: [], unbooked: [] }),
          }),
      },
    }),
  },
];

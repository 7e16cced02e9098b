import { z } from 'zod';
import { listOf, listQuery } from '../../../../shared/infrastructure/http/list-query.js';
import { lines } from '../../../../shared/infrastructure/http/texts.js';

const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], { error: 'is not a date, nor a time by RFC 3339' })
  .meta({ examples: ['2026-11-01'] });

export const ReconciliationBody = z
  .strictObject({
    from: moment.describe('A day in UTC, or an instant. The period begins with it.'),
    to: moment.describe('A day in UTC, which is taken whole, or an instant, which is not in the period.'),
  })
  .meta({ id: 'NewReconciliationRun', examples: [{ from: '2026-11-01', to: '2026-11-30' }] });

export const ExplanationBody = z
  .strictObject({
    difference: z.string().min(1).max(300).describe('The `id` of the difference, as the run lists it.'),
    explanation: lines(1000).describe('Why the books differ there, for people.'),
  })
  .meta({
    id: 'DifferenceExplanation',
    examples: [
      { difference: 'unknown_at_stripe:ch_3PgafTB7WZ01zgkW.charge', explanation: 'Account was moved.' },
    ],
  });

const Money = z.object({ amount: z.int(), currency: z.string() });

const Difference = z
  .object({
    id: z.string().describe('The same in every run that finds it.'),
    kind: z
      .enum([
        'unknown_at_stripe',
        'missing_here',
        'amount_differs',
        'currency_differs',
        'fee_differs',
        'payout_differs',
        'made_elsewhere',
        'not_booked_yet',
        'booked_in_another_period',
      ])
      .describe('The last three come with their explanation. More kinds may be added.'),
    stripe: z.string().nullable().describe('`txn_…`, or `po_…` for a payout; null where Stripe has none.'),
    source: z.string().nullable().describe('The charge, refund, dispute or payout behind it.'),
    payment: z.string().nullable(),
    order: z.string().nullable(),
    at: z.iso.datetime(),
    ledger: Money.nullable().describe('What our log says.'),
    booked: Money.nullable().describe('What Stripe says.'),
    amount: z.int().describe('Stripe’s amount less ours, in minor units.'),
    currency: z.string(),
    explanation: z.string().nullable(),
  })
  .meta({ id: 'ReconciliationDifference' });

const Total = z
  .object({
    currency: z.string(),
    ledger_total: z.int(),
    stripe_total: z.int(),
    elsewhere_total: z.int().describe('The part of `stripe_total` that was not made by us.'),
    captured: z.int(),
    refunded: z.int(),
    disputed: z.int(),
  })
  .meta({ id: 'ReconciliationTotal' });

const Balance = z
  .object({
    currency: z.string(),
    gross: z.int(),
    fees: z.int(),
    net: z.int(),
    paid_out: z.int(),
    other: z.int(),
  })
  .meta({ id: 'ReconciliationBalance' });

const statuses = ['running', 'clean', 'different', 'failed'] as const;
const triggers = ['api', 'daily'] as const;

export const ReconciliationAnswer = z
  .object({
    id: z.templateLiteral(['recon_', z.string()]),
    object: z.literal('reconciliation_run'),
    store: z.string(),
    livemode: z.boolean(),
    status: z.enum(statuses).describe('`clean`: no difference, or every one is explained.'),
    from: z.iso.datetime().describe('Inclusive.'),
    to: z.iso.datetime().describe('Exclusive.'),
    trigger: z.enum(triggers).describe('`daily`: made by itself for the day before.'),
    currency: z.string().nullable().describe('In which most money moved; the two totals are of this one.'),
    ledger_total: z.int().nullable(),
    stripe_total: z.int().nullable(),
    totals: z.array(Total).describe('By the currencies that customers paid in.'),
    balances: z.array(Balance).describe('By the currencies of the account’s balance.'),
    matched: z.int().nullable().describe('How many movements both books tell alike.'),
    difference_count: z.int().nullable().describe('How many there are; the first 200 are listed.'),
    unexplained_count: z.int().nullable(),
    differences: z.array(Difference),
    digest: z.string().nullable().describe('SHA-256 of period and result, by RFC 8785.'),
    failure: z.string().nullable(),
    completed_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
    revision: z.int(),
    metadata: z.record(z.string(), z.string()),
  })
  .meta({ id: 'ReconciliationRun', examples: [example()] });

export const ReconciliationList = listOf('ReconciliationRunList', ReconciliationAnswer);
export const ReconciliationQuery = listQuery({
  status: z.enum(statuses).optional(),
  trigger: z.enum(triggers).optional(),
});
export const ReconciliationParam = z.templateLiteral(['recon_', z.string().regex(/^[0-9a-f]{32}$/)]);

function example() {
  return {
    id: 'recon_0193527c1b2e7c4f9d1a5b6c7d8e9f31',
    object: 'reconciliation_run',
    store: 'store_0193527c1b2e7c4f9d1a5b6c7d8e9f01',
    livemode: false,
    status: 'different',
    from: '2026-11-01T00:00:00.000Z',
    to: '2026-12-01T00:00:00.000Z',
    trigger: 'api',
    currency: 'usd',
    ledger_total: 9500,
    stripe_total: 10000,
    totals: [
      {
        currency: 'usd',
        ledger_total: 9500,
        stripe_total: 10000,
        elsewhere_total: 0,
        captured: 10500,
        refunded: 500,
        disputed: 0,
      },
    ],
    balances: [{ currency: 'usd', gross: 10000, fees: 365, net: 9635, paid_out: 9000, other: 0 }],
    matched: 3,
    difference_count: 1,
    unexplained_count: 1,
    differences: [
      {
        id: 'missing_here:txn_3PgafTB7WZ01zgkW',
        kind: 'missing_here',
        stripe: 'txn_3PgafTB7WZ01zgkW',
        source: 'ch_3PgafTB7WZ01zgkW',
        payment: 'pay_0193527c1b2e7c4f9d1a5b6c7d8e9f05',
        order: null,
        at: '2026-11-23T10:00:02.000Z',
        ledger: null,
        booked: { amount: 500, currency: 'usd' },
        amount: 500,
        currency: 'usd',
        explanation: null,
      },
    ],
    digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    failure: null,
    completed_at: '2026-12-01T02:00:01.000Z',
    created_at: '2026-12-01T02:00:00.000Z',
    revision: 2,
    metadata: {},
  };
}

import { z } from 'zod';
import { listOf, listQuery } from '../../../../shared/infrastructure/http/list-query.js';
import { lines, oneLine } from '../../../../shared/infrastructure/http/texts.js';

const instant = z.iso.datetime();

const Kind = z.enum([
  'overpaid',
  'late_payment',
  'capture_mismatch',
  'refund_failed',
  'dispute_opened',
  'dispute_lost',
  'outcome_unknown',
  'mail_undelivered',
  'reconciliation_difference',
]);
const Status = z.enum(['open', 'resolving', 'resolved']);
const Action = z.enum([
  'refund_excess',
  'keep_as_credit',
  'raise_total',
  'refund_payment',
  'accept',
  'retry',
  'look_at_stripe_again',
  'collect_again',
  'write_off',
]);
const Actor = z.object({ type: z.string(), id: z.string(), name: z.string().nullable() });

export const ExceptionParam = z.templateLiteral(['exc_', z.string().regex(/^[0-9a-f]{32}$/)]);

export const ExceptionQuery = listQuery({
  status: Status.optional(),
  kind: Kind.optional(),
  order: z.string().max(64).optional().describe('Our id of the order, or the caller’s own.'),
  payment: z.string().max(64).optional(),
});

export const ResolveExceptionBody = z
  .strictObject({
    action: Action.describe('One of the exception’s `actions`.'),
    reason: lines(500)
      .refine((reason) => reason.trim() !== '', 'Must hold something to read')
      .describe('Why: it stands in the history beside who decided.'),
  })
  .meta({
    id: 'ResolveException',
    examples: [{ action: 'refund_excess', reason: 'The customer paid twice.' }],
  });

export const AssignExceptionBody = z
  .strictObject({ owner: oneLine(200).describe('Whose turn it is: a name or a mail address.') })
  .meta({ id: 'AssignException', examples: [{ owner: 'grace@lamps.test' }] });

const Attempt = z.object({
  action: Action,
  status: z.enum(['under_way', 'refused', 'done']),
  code: z.string().nullable().describe('Of the problem that stood against it.'),
  detail: z.string().nullable(),
  actor: Actor,
  reason: z.string().nullable(),
  at: instant,
});

const Resolution = z.object({
  action: Action.nullable().describe('`null`: it came right by itself, or by other means.'),
  outcome: z.enum([
    'refunded',
    'kept_as_credit',
    'total_raised',
    'accepted',
    'sent_again',
    'collected_again',
    'written_off',
    'won',
    'lost',
    'prevented',
    'inquiry_closed',
    'escalated',
    'captured',
    'failed',
    'voided',
    'went_through',
    'settled_otherwise',
  ]),
  explanation: z.string(),
  actor: Actor,
  reason: z.string().nullable(),
});

export const ExceptionAnswer = z
  .object({
    id: z.string(),
    object: z.literal('exception'),
    kind: Kind,
    status: Status,
    store: z.string(),
    livemode: z.boolean(),
    order: z.string().nullable(),
    payment: z.string().nullable(),
    refund: z.string().nullable(),
    dispute: z.string().nullable(),
    mail: z.string().nullable(),
    amount: z.int().nullable(),
    currency: z.string().nullable(),
    explanation: z.string().describe('One sentence for people, with the numbers.'),
    owner: z.string().describe('Whose turn it is. At first: the store’s notification address.'),
    actions: z.array(Action).readonly().describe('What can be done now.'),
    last_attempt: Attempt.nullable().describe('What was last decided, and what became of it.'),
    age_seconds: z.int().describe('How long it has been open, or was.'),
    opened_at: instant,
    resolved_at: instant.nullable(),
    resolution: Resolution.nullable(),
    created_at: instant,
    revision: z.int(),
    metadata: z.record(z.string(), z.string()).readonly(),
  })
  .meta({
    id: 'Exception',
    examples: [
      {
        id: 'exc_0193527c1b2e5c4f9d1a5b6c7d8e9f06',
        object: 'exception',
        kind: 'overpaid',
        status: 'open',
        store: 'store_0193527c1b2e7c4f9d1a5b6c7d8e9f01',
        livemode: false,
        order: 'order_0193527c1b2e7c4f9d1a5b6c7d8e9f02',
        payment: 'pay_0193527c1b2e7c4f9d1a5b6c7d8e9f03',
        refund: null,
        dispute: null,
        mail: null,
        amount: 2500,
        currency: 'usd',
        explanation: 'Order SO-1042 was paid 25.00 USD too much: 125.00 USD came, and 100.00 USD is owed.',
        owner: 'ops@lamps.test',
        actions: ['refund_excess', 'keep_as_credit', 'raise_total'],
        last_attempt: null,
        age_seconds: 5400,
        opened_at: '2026-11-23T10:00:00.000Z',
        resolved_at: null,
        resolution: null,
        created_at: '2026-11-23T10:00:00.000Z',
        revision: 1,
        metadata: {},
      },
    ],
  });

export const ExceptionList = listOf('ExceptionList', ExceptionAnswer);

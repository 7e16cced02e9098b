import { z } from 'zod';
import type { EventCodec } from '../../../../shared/application/event-catalog.js';
import type { ExceptionEvent } from '../../domain/exception.events.js';

type DataOf<T extends ExceptionEvent['type']> = Extract<ExceptionEvent, { type: T }>['data'];

const text = z.string();
const kind = z.enum([
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
const action = z.enum([
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
const outcome = z.enum([
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
]);

function stored<T extends ExceptionEvent['type']>(schema: z.ZodType<DataOf<T>>) {
  return { version: 1, parse: (data: unknown): DataOf<T> => schema.parse(data) };
}

/** What is stored of an exception. Stored shapes never change: a new one is a new version and an upcast. */
export const exceptionCodec: EventCodec<ExceptionEvent> = {
  ExceptionOpened: stored<'ExceptionOpened'>(
    z.object({
      kind,
      store: z.templateLiteral(['store_', text]),
      livemode: z.boolean(),
      order: z.templateLiteral(['order_', text]).nullable(),
      payment: z.templateLiteral(['pay_', text]).nullable(),
      refund: z.templateLiteral(['refund_', text]).nullable(),
      dispute: z.templateLiteral(['dispute_', text]).nullable(),
      mail: z.templateLiteral(['mail_', text]).nullable(),
      amount: z.int().nullable(),
      currency: text.nullable(),
      explanation: text,
      owner: text,
    }),
  ),
  ExceptionAssigned: stored<'ExceptionAssigned'>(z.object({ owner: text })),
  ResolutionChosen: stored<'ResolutionChosen'>(z.object({ action, wish: text })),
  ResolutionRefused: stored<'ResolutionRefused'>(
    z.object({
      action,
      wish: text,
      code: text.nullable(),
      why: text,
    }),
  ),
  ExceptionResolved: stored<'ExceptionResolved'>(
    z.object({ action: action.nullable(), outcome, explanation: text }),
  ),
};

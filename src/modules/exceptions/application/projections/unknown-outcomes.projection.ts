import type { Projection } from '../../../../shared/application/projection.js';
import { type PaymentEvent, paymentIdOf } from '../../../payments/index.js';

export type UnknownOutcomeRow = Readonly<{ payment: string; created_at: string }>;

/** Every payment of which nobody knows whether it took money, since when: what is looked at again, and nothing else. */
export const unknownOutcomes: Projection<PaymentEvent, UnknownOutcomeRow> = {
  name: 'unknown-outcomes',
  version: 1,
  indexes: [],
  reads: ['OutcomeUnknown', 'ActionRequired', 'PaymentCaptured', 'PaymentFailed', 'PaymentVoided'],
  keys: ({ stream }) => [paymentIdOf(stream)],
  project: (_row, { type, at }, key) => (type === 'OutcomeUnknown' ? { payment: key, created_at: at } : null),
};

import { assertNever } from '../../../shared/domain/assert-never.js';
import type { Decider } from '../../../shared/domain/decider.js';
import type { StoreId } from '../../../shared/domain/ids.js';

/** What is kept of an event of Stripe's: enough to find what it is about, and no personal data. */
export type StripeNotice = Readonly<{
  store: StoreId;
  event: string;
  type: string;
  /** Unix seconds, Stripe's clock. */
  created: number;
  api_version: string | null;
  livemode: boolean;
  account: string | null;
  object: Readonly<{
    id: string;
    object: string;
    payment_intent: string | null;
    payment: string | null;
    store: string | null;
  }>;
}>;

/** One stream per event of Stripe's: a repeated delivery meets its own first event and changes nothing. */
export type StripeEventEvent =
  | { type: 'StripeEventReceived'; data: StripeNotice }
  /** `to`: the payment or the store it was about. */
  | { type: 'StripeEventApplied'; data: Readonly<{ to: string }> }
  | { type: 'StripeEventIgnored'; data: Readonly<{ why: IgnoredBecause }> };

/** `foreign`: not about anything of ours. `unsupported`: a type we do not act on. `wrong_mode`: test and live never mix. `unanswerable`: Stripe refuses to say what it is about, and will not change its mind. */
export type IgnoredBecause = 'foreign' | 'unsupported' | 'wrong_mode' | 'wrong_account' | 'unanswerable';

export type StripeEventState = Readonly<{ status: 'none' | 'received' | 'handled' }>;

export type StripeEventCommand =
  | { type: 'ReceiveEvent'; notice: StripeNotice }
  | { type: 'RecordApplied'; to: string }
  | { type: 'IgnoreEvent'; why: IgnoredBecause };

function decide(command: StripeEventCommand, { status }: StripeEventState): readonly StripeEventEvent[] {
  switch (command.type) {
    case 'ReceiveEvent':
      return status === 'none' ? [{ type: 'StripeEventReceived', data: command.notice }] : [];
    case 'RecordApplied':
      if (status === 'handled') return [];
      return [{ type: 'StripeEventApplied', data: { to: command.to } }];
    case 'IgnoreEvent':
      return status === 'handled' ? [] : [{ type: 'StripeEventIgnored', data: { why: command.why } }];
    default:
      return assertNever(command);
  }
}

const evolve = (_: StripeEventState, event: StripeEventEvent): StripeEventState => ({
  status: event.type === 'StripeEventReceived' ? 'received' : 'handled',
});

export const stripeEventDecider: Decider<StripeEventCommand, StripeEventState, StripeEventEvent> = {
  initial: { status: 'none' },
  decide,
  evolve,
};
export const stripeEventAggregate = { category: 'stripe_evt', decider: stripeEventDecider } as const;

import { describe, test } from '@jest/globals';
import { captured, disputeOpened, initiated } from '../../../../test/support/a-payment.js';
import { specification } from '../../../../test/support/specification.js';
import type { DisputeFact } from './dispute.js';
import type { DisputeOutcome, PaymentEvent } from './payment.events.js';
import { paymentDecider } from './payment.js';

const { given } = specification(paymentDecider);

const record = (status: DisputeFact['status'], fundsWithdrawn: boolean) => {
  const fact = {
    stripeDispute: 'dp_1',
    status,
    charge: 'ch_1',
    amount: 4000,
    currency: 'usd',
    reason: 'fraudulent',
    dueBy: '2026-12-01T00:00:00.000Z',
    fundsWithdrawn,
  };
  return { type: 'RecordDispute', dispute: 'dispute_1', fact } as const;
};

const opened = disputeOpened('dispute_1', 4000);
const asked = disputeOpened('dispute_1', 4000, true);
const escalated: PaymentEvent = {
  type: 'DisputeEscalated',
  data: { dispute: 'dispute_1', due_by: '2026-12-01T00:00:00.000Z' },
};
const money = { dispute: 'dispute_1', amount: 4000 } as const;
const withdrawn: PaymentEvent = { type: 'FundsWithdrawn', data: money };
const reinstated: PaymentEvent = { type: 'FundsReinstated', data: money };
const closed = (outcome: DisputeOutcome): PaymentEvent => ({
  type: 'DisputeClosed',
  data: { dispute: 'dispute_1', outcome },
});

describe('a dispute', () => {
  test('is recorded when it opens, and its money when it goes', () => {
    given(...captured)
      .when(record('open', false))
      .then(opened);
    given(...captured)
      .when(record('open', true))
      .then(opened, withdrawn);
    given(...captured, opened)
      .when(record('open', true))
      .then(withdrawn);
  });
  test('is recorded once, however often Stripe tells of it', () => {
    given(...captured, opened, withdrawn)
      .when(record('open', true))
      .thenNothing();
    given(...captured, asked)
      .when(record('inquiry', false))
      .thenNothing();
    given(...captured, opened, withdrawn, closed('lost'))
      .when(record('lost', true))
      .thenNothing();
  });
  test('that is won gives the money back, whichever Stripe tells first', () => {
    given(...captured, opened, withdrawn)
      .when(record('won', false))
      .then(reinstated, closed('won'));
    given(...captured, opened, withdrawn)
      .when(record('won', true))
      .then(closed('won'));
    given(...captured, opened, withdrawn, closed('won'))
      .when(record('won', false))
      .then(reinstated);
  });
  test('that is lost keeps the money', () =>
    given(...captured, opened, withdrawn)
      .when(record('lost', true))
      .then(closed('lost')));
  test('that was prevented took nothing', () =>
    given(...captured, opened)
      .when(record('prevented', false))
      .then(closed('prevented')));
  test('heard of only at its end is told from its beginning', () => {
    given(...captured)
      .when(record('lost', true))
      .then(opened, withdrawn, closed('lost'));
    given(...captured)
      .when(record('won', false))
      .then(opened, closed('won'));
    given(...captured)
      .when(record('inquiry_closed', false))
      .then(asked, closed('inquiry_closed'));
  });
  test('has one verdict, until Stripe says another', () => {
    given(...captured, opened, withdrawn, closed('lost'))
      .when(record('open', true))
      .thenNothing();
    given(...captured, opened, withdrawn, closed('lost'))
      .when(record('won', false))
      .then(reinstated, closed('won'));
  });
  test('needs a payment that captured', () => given(initiated).when(record('open', true)).thenNothing());
});

describe('a bank’s question', () => {
  test('takes nothing', () =>
    given(...captured)
      .when(record('inquiry', false))
      .then(asked));
  test('may be closed', () =>
    given(...captured, asked)
      .when(record('inquiry_closed', false))
      .then(closed('inquiry_closed')));
  test('may become a dispute, also after it was closed', () => {
    given(...captured, asked)
      .when(record('open', true))
      .then(escalated, withdrawn);
    given(...captured, asked)
      .when(record('lost', true))
      .then(escalated, withdrawn, closed('lost'));
    given(...captured, asked, closed('inquiry_closed'))
      .when(record('open', false))
      .then(escalated);
  });
});

describe('what a dispute has taken', () => {
  const stateOf = (status: 'open' | DisputeOutcome, amount: number) => ({
    disputes: new Map([
      [
        'dispute_1',
        { status, stripeDispute: 'dp_1', amount: 4000, currency: 'usd', withdrawn: amount },
      ] as const,
    ]),
  });
  test('is its amount, from the withdrawal until it is reinstated', () => {
    given(...captured, opened).thenState(stateOf('open', 0));
    given(...captured, asked, escalated).thenState(stateOf('open', 0));
    given(...captured, opened, withdrawn).thenState(stateOf('open', 4000));
    given(...captured, opened, withdrawn, reinstated, closed('won')).thenState(stateOf('won', 0));
  });
  test('stays taken when it is lost', () =>
    given(...captured, asked, escalated, withdrawn, closed('lost')).thenState(stateOf('lost', 4000)));
  test('comes back as it went, whatever the dispute is about now', () => {
    const { fact, ...command } = record('won', false);
    given(...captured, opened, withdrawn)
      .when({ ...command, fact: { ...fact, amount: 5000 } })
      .then(reinstated, closed('won'));
  });
  test.each([escalated, withdrawn, reinstated, closed('won')])(
    'is nothing where no dispute was opened: %j',
    (event) => given(...captured, event).thenState({ disputes: new Map() }),
  );
});

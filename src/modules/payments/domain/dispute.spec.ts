import { describe, test } from '@jest/globals';
import { captured, disputeOpened, initiated } from '../../../../test/support/a-payment.js';
import { specification } from '../../../../test/support/specification.js';
import type { DisputeFact } from './dispute.js';
import type { DisputeOutcome, PaymentEvent } from './payment.events.js';
import { paymentDecider } from './payment.js';

const { given } = specification(paymentDecider);

const record = (status: DisputeFact['status'], fundsMoved: number) => {
  const fact = {
    stripeDispute: 'dp_1',
    status,
    charge: 'ch_1',
    amount: 4000,
    currency: 'usd',
    reason: 'fraudulent',
    dueBy: '2026-12-01T00:00:00.000Z',
    fundsMoved,
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
      .when(record('open', 0))
      .then(opened);
    given(...captured)
      .when(record('open', 1))
      .then(opened, withdrawn);
    given(...captured, opened)
      .when(record('open', 1))
      .then(withdrawn);
  });
  test('is recorded once, however often Stripe tells of it', () => {
    given(...captured, opened, withdrawn)
      .when(record('open', 1))
      .thenNothing();
    given(...captured, asked)
      .when(record('inquiry', 0))
      .thenNothing();
    given(...captured, opened, withdrawn, closed('lost'))
      .when(record('lost', 1))
      .thenNothing();
  });
  test('that is won gives the money back, whichever Stripe tells first', () => {
    given(...captured, opened, withdrawn)
      .when(record('won', 2))
      .then(reinstated, closed('won'));
    given(...captured, opened, withdrawn)
      .when(record('won', 1))
      .then(closed('won'));
    given(...captured, opened, withdrawn, closed('won'))
      .when(record('won', 2))
      .then(reinstated);
  });
  test('that is lost keeps the money', () =>
    given(...captured, opened, withdrawn)
      .when(record('lost', 1))
      .then(closed('lost')));
  test('that was prevented took nothing', () =>
    given(...captured, opened)
      .when(record('prevented', 0))
      .then(closed('prevented')));
  test('heard of only at its end is told from its beginning', () => {
    given(...captured)
      .when(record('lost', 1))
      .then(opened, withdrawn, closed('lost'));
    given(...captured)
      .when(record('won', 2))
      .then(opened, withdrawn, reinstated, closed('won'));
    given(...captured)
      .when(record('won', 0))
      .then(opened, closed('won'));
    given(...captured)
      .when(record('inquiry_closed', 0))
      .then(asked, closed('inquiry_closed'));
  });
  test('has one verdict, until Stripe says another', () => {
    given(...captured, opened, withdrawn, closed('lost'))
      .when(record('open', 1))
      .thenNothing();
    given(...captured, opened, withdrawn, closed('lost'))
      .when(record('won', 2))
      .then(reinstated, closed('won'));
  });
  test('that takes the money once more, after it was won, is told move by move', () => {
    given(...captured, opened, withdrawn, reinstated, closed('won'))
      .when(record('lost', 3))
      .then(withdrawn, closed('lost'));
    given(...captured, opened, withdrawn)
      .when(record('lost', 3))
      .then(reinstated, withdrawn, closed('lost'));
    given(...captured, opened, withdrawn)
      .when(record('won', 4))
      .then(reinstated, withdrawn, reinstated, closed('won'));
  });
  test('moves no money back by news that is older than what is known', () =>
    given(...captured, opened, withdrawn, reinstated, closed('won'))
      .when(record('won', 1))
      .thenNothing());
  test('needs a payment that captured', () => given(initiated).when(record('open', 1)).thenNothing());
});

describe('a bank’s question', () => {
  test('takes nothing', () =>
    given(...captured)
      .when(record('inquiry', 0))
      .then(asked));
  test('may be closed', () =>
    given(...captured, asked)
      .when(record('inquiry_closed', 0))
      .then(closed('inquiry_closed')));
  test('may become a dispute, also after it was closed', () => {
    given(...captured, asked)
      .when(record('open', 1))
      .then(escalated, withdrawn);
    given(...captured, asked)
      .when(record('lost', 1))
      .then(escalated, withdrawn, closed('lost'));
    given(...captured, asked, closed('inquiry_closed'))
      .when(record('open', 0))
      .then(escalated);
  });
});

describe('what a dispute has taken', () => {
  const stateOf = (status: 'open' | DisputeOutcome, amount: number, fundsMoved: number) => ({
    disputes: new Map([
      [
        'dispute_1',
        { status, stripeDispute: 'dp_1', amount: 4000, currency: 'usd', withdrawn: amount, fundsMoved },
      ] as const,
    ]),
  });
  test('is its amount, from the withdrawal until it is reinstated', () => {
    given(...captured, opened).thenState(stateOf('open', 0, 0));
    given(...captured, asked, escalated).thenState(stateOf('open', 0, 0));
    given(...captured, opened, withdrawn).thenState(stateOf('open', 4000, 1));
    given(...captured, opened, withdrawn, reinstated, closed('won')).thenState(stateOf('won', 0, 2));
  });
  test('stays taken when it is lost', () =>
    given(...captured, asked, escalated, withdrawn, closed('lost')).thenState(stateOf('lost', 4000, 1)));
  test('comes back as it went, whatever the dispute is about now', () => {
    const { fact, ...command } = record('won', 2);
    given(...captured, opened, withdrawn)
      .when({ ...command, fact: { ...fact, amount: 5000 } })
      .then(reinstated, closed('won'));
  });
  test.each([escalated, withdrawn, reinstated, closed('won')])(
    'is nothing where no dispute was opened: %j',
    (event) => given(...captured, event).thenState({ disputes: new Map() }),
  );
});

describe('a log of before moves were counted', () => {
  const ahead = [...captured, opened, withdrawn, reinstated, withdrawn] as const;
  test('that has moved the money once too often hears that it came back', () =>
    given(...ahead)
      .when(record('won', 2))
      .then(reinstated, closed('won')));
  test('is mended by the next look', () =>
    given(...captured, opened, withdrawn, reinstated, closed('won'), withdrawn)
      .when(record('won', 2))
      .then(reinstated));
  test('believes that the bank has the money while Stripe does not say that it is back for good', () => {
    given(...ahead)
      .when(record('open', 2))
      .thenNothing();
    given(...ahead)
      .when(record('lost', 2))
      .then(closed('lost'));
    given(...ahead)
      .when(record('won', 1))
      .then(closed('won'));
    given(...captured, opened, withdrawn)
      .when(record('won', 0))
      .then(closed('won'));
  });
  test('gives back nothing that it does not keep', () =>
    given(...ahead, reinstated)
      .when(record('won', 2))
      .then(closed('won')));
});

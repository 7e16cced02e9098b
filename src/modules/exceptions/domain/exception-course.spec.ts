import { describe, expect, test } from '@jest/globals';
import { chosen, openedAs, refused } from '../../../../test/support/an-exception.js';
import { specification, stopsAtTheUnheardOf } from '../../../../test/support/specification.js';
import { actionsOf } from './actions.js';
import type { ExceptionEvent } from './exception.events.js';
import { exceptionDecider } from './exception.js';

const { given } = specification(exceptionDecider);
const assigned: ExceptionEvent = { type: 'ExceptionAssigned', data: { owner: 'grace' } };

describe('what a person can do', () => {
  test.each([
    ['overpaid', ['refund_excess', 'keep_as_credit', 'raise_total']],
    ['late_payment', ['refund_excess', 'keep_as_credit']],
    ['capture_mismatch', ['refund_payment', 'accept']],
    ['refund_failed', ['retry', 'keep_as_credit', 'look_at_stripe_again', 'accept']],
    ['dispute_opened', ['look_at_stripe_again']],
    ['dispute_lost', ['collect_again', 'write_off']],
    ['outcome_unknown', ['look_at_stripe_again']],
    ['mail_undelivered', ['retry', 'accept']],
    ['reconciliation_difference', ['look_at_stripe_again', 'accept']],
  ] as const)('about %s is %j, and nothing else', (kind, actions) => {
    expect(actionsOf(kind)).toEqual(actions);
    for (const action of actions) {
      given(openedAs(kind)).when({ type: 'ChooseResolution', action, wish: 'wish_1' }).then(chosen(action));
    }
  });
  test('is said to whoever asks for something else', () =>
    given(openedAs('dispute_lost'))
      .when({ type: 'ChooseResolution', action: 'accept', wish: 'wish_1' })
      .refused(
        'validation_failed',
        { param: '/action' },
        'What can be done about dispute_lost is collect_again, write_off.',
      ));
});

describe('what is known of an exception', () => {
  test('is who has it now', () => given(openedAs(), assigned).thenState({ status: 'open', owner: 'grace' }));
  test('is every call to resolve it, and what became of those that were refused', () => {
    given(openedAs(), chosen('refund_excess')).thenState({
      wishes: new Map([['wish_1', { action: 'refund_excess', refused: null }]]),
    });
    const refusal: ExceptionEvent = {
      type: 'ResolutionRefused',
      data: {
        action: 'refund_excess',
        wish: 'wish_1',
        code: 'payment_disputed',
        why: 'The bank disputes it.',
      },
    };
    given(openedAs(), chosen('refund_excess'), refusal).thenState({
      status: 'open',
      chosen: null,
      wishes: new Map([
        [
          'wish_1',
          { action: 'refund_excess', refused: { code: 'payment_disputed', why: 'The bank disputes it.' } },
        ],
      ]),
    });
  });
  test('is nothing, whatever is said of one that nobody opened', () =>
    given(assigned, chosen('refund_excess')).thenState({ status: 'none' }));
});

describe('an exception that nobody is resolving', () => {
  const done = {
    type: 'CompleteResolution',
    wish: 'wish_1',
    outcome: 'refunded',
    explanation: '25.00 USD was refunded.',
  } as const;
  const notDone = { type: 'RefuseResolution', wish: 'wish_1', code: null, why: 'Stripe is away.' } as const;

  test('is neither resolved nor refused by a word that comes late', () => {
    given(openedAs()).when(done).thenNothing();
    given(openedAs()).when(notDone).thenNothing();
    given(openedAs(), chosen('refund_excess'), refused('refund_excess')).when(done).thenNothing();
    given(openedAs(), chosen('refund_excess'), refused('refund_excess')).when(notDone).thenNothing();
  });
});

test('an exception does nothing that nobody has heard of', () =>
  stopsAtTheUnheardOf(exceptionDecider, openedAs()));

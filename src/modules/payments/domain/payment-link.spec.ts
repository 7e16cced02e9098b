import { describe, test } from '@jest/globals';
import { specification, stopsAtTheUnheardOf } from '../../../../test/support/specification.js';
import { Money } from '../../../shared/domain/money.js';
import type { PaymentLinkEvent } from './payment-link.events.js';
import { paymentLinkDecider } from './payment-link.js';

const { given } = specification(paymentLinkDecider);

const terms = {
  link: 'link_1',
  order: 'order_1',
  store: 'store_1',
  livemode: false,
  currency: Money.of(4000, 'usd').currency,
  amount_rule: { rule: 'fixed', amount: 4000 },
  token_hash: 'hash',
  expires_at: '2026-12-24T10:00:00.000Z',
  recipient: { name: 'Ada Lovelace', email: 'ada@example.test' },
  message: 'Thank you!',
  metadata: {},
} as const;
const mail = { mail: 'mail_1', messageId: '<mail_1@quittance.test>' } as const;
const page = { session: 1, payment: 'pay_1', amount: 4000, expires_at: '2026-11-24T11:00:00.000Z' } as const;

const created: PaymentLinkEvent = { type: 'LinkCreated', data: terms };
const mailed: PaymentLinkEvent = {
  type: 'LinkMailRequested',
  data: { mail: mail.mail, message_id: mail.messageId },
};
const requested: PaymentLinkEvent = { type: 'SessionRequested', data: page };
const opened: PaymentLinkEvent = {
  type: 'SessionOpened',
  data: { session: 1, checkout_session: 'cs_1', url: 'https://stripe.test/c/pay/cs_1' },
};
const ended: PaymentLinkEvent = { type: 'SessionEnded', data: { session: 1, why: 'expired' } };
const paid: PaymentLinkEvent = { type: 'LinkPaid', data: { payment: 'pay_1' } };
const revoked: PaymentLinkEvent = { type: 'LinkRevoked', data: {} };
const expired: PaymentLinkEvent = { type: 'LinkExpired', data: {} };
const superseded: PaymentLinkEvent = { type: 'LinkSuperseded', data: { why: 'order_settled' } };

const ask = {
  type: 'RequestSession',
  payment: 'pay_2',
  amount: 4000,
  expiresAt: '2026-11-24T12:00:00.000Z',
} as const;

describe('a payment link', () => {
  test('is made together with the wish to mail it', () =>
    given().when({ type: 'CreateLink', created: terms, mail }).then(created, mailed));
  test('may be handed over without a mail', () =>
    given().when({ type: 'CreateLink', created: terms, mail: null }).then(created));
  test('is made once', () => given(created).when({ type: 'CreateLink', created: terms, mail }).thenNothing());
  test('can be mailed again', () => given(created).when({ type: 'RequestMail', mail }).then(mailed));
  test('is mailed once by the same request', () =>
    given(created, mailed).when({ type: 'RequestMail', mail }).thenNothing());
  test('that was revoked is not mailed again', () =>
    given(created, revoked).when({ type: 'RequestMail', mail }).refused('link_closed'));
  test('that was paid is not mailed again', () =>
    given(created, paid).when({ type: 'RequestMail', mail }).refused('link_paid'));
  test('that nobody made cannot be spoken of', () =>
    given().when({ type: 'RevokeLink' }).refused('not_found'));
});

describe('a payment page of a link', () => {
  test('is requested before it is opened at Stripe', () =>
    given(created)
      .when({ ...ask, payment: 'pay_1', expiresAt: page.expires_at })
      .then(requested));
  test('is the only one', () => given(created, requested).when(ask).refused('payment_in_flight'));
  test('comes with a new number after the last one has ended', () =>
    given(created, requested, opened, ended)
      .when(ask)
      .then({
        type: 'SessionRequested',
        data: { session: 2, payment: 'pay_2', amount: 4000, expires_at: ask.expiresAt },
      }));
  test.each([
    ['revoked', revoked, 'link_closed'],
    ['expired', expired, 'link_closed'],
    ['superseded', superseded, 'link_closed'],
    ['paid', paid, 'link_paid'],
  ] as const)('is not opened from a link that is %s', (_, end, code) =>
    given(created, end).when(ask).refused(code),
  );
  const open = {
    type: 'RecordSession',
    session: 1,
    checkoutSession: 'cs_1',
    url: 'https://stripe.test/c/pay/cs_1',
  } as const;
  test('is remembered by Stripe’s id', () => given(created, requested).when(open).then(opened));
  test('is remembered once, whoever opened it twice', () =>
    given(created, requested, opened)
      .when({ ...open, checkoutSession: 'cs_2' })
      .thenNothing());
  test('that has ended is not remembered any more', () =>
    given(created, requested, ended).when(open).thenNothing());
  test('ends once', () =>
    given(created, requested, opened).when({ type: 'EndSession', session: 1, why: 'expired' }).then(ended));
  const givenUp = { type: 'GiveUpSession', session: 1 } as const;
  test('is given up while its page is not known, and only then', () => {
    const unopened = { type: 'SessionEnded', data: { session: 1, why: 'not_opened' } } as const;
    given(created, requested).when(givenUp).then(unopened);
    given(created, requested, opened).when(givenUp).thenNothing();
    given(created, requested, unopened).when(givenUp).thenNothing();
    given(created).when(givenUp).thenNothing();
    given(created, requested)
      .when({ ...givenUp, session: 2 })
      .thenNothing();
  });
  test('of an earlier number cannot end a later one', () =>
    given(created, requested, opened, ended, {
      type: 'SessionRequested',
      data: { ...page, session: 2, payment: 'pay_2' },
    })
      .when({ type: 'EndSession', session: 1, why: 'expired' })
      .thenNothing());
});

describe('a link ends', () => {
  test('when it is paid, once', () => {
    given(created, requested, opened)
      .when({ type: 'RecordPaid', payment: 'pay_1' })
      .then({ type: 'SessionEnded', data: { session: 1, why: 'completed' } }, paid);
    given(created, paid).when({ type: 'RecordPaid', payment: 'pay_1' }).thenNothing();
  });
  test('as paid even if it was revoked meanwhile: money is a fact', () =>
    given(created, revoked).when({ type: 'RecordPaid', payment: 'pay_1' }).then(paid));
  test('when it is revoked, once', () => {
    given(created).when({ type: 'RevokeLink' }).then(revoked);
    given(created, revoked).when({ type: 'RevokeLink' }).thenNothing();
  });
  test('by a revocation only after its page was closed at Stripe', () =>
    given(created, requested, opened).when({ type: 'RevokeLink' }).refused('session_fence_pending'));
  test('not by a revocation after the customer has paid', () =>
    given(created, paid).when({ type: 'RevokeLink' }).refused('link_paid'));
  test('when its time is over', () => given(created).when({ type: 'ExpireLink' }).then(expired));
  test('not while its page is open', () =>
    given(created, requested).when({ type: 'ExpireLink' }).thenNothing());
  test('when the order is settled another way', () =>
    given(created).when({ type: 'SupersedeLink', why: 'order_settled' }).then(superseded));
  test('once', () =>
    given(created, revoked).when({ type: 'SupersedeLink', why: 'order_settled' }).thenNothing());
});

describe('what is known of a link', () => {
  const { token_hash: tokenHash, expires_at: expiresAt, amount_rule: amountRule } = terms;
  const page1 = { session: 1, payment: 'pay_1', amount: 4000, expiresAt: page.expires_at } as const;

  test('is at first what it asks for, and that nobody has followed it', () => {
    given(created).thenState({
      status: 'active',
      ...{ link: 'link_1', order: 'order_1', recipient: terms.recipient, message: 'Thank you!' },
      ...{ tokenHash, expiresAt, amountRule },
      ...{ open: null, sessions: 0, mails: new Set(), paidBy: null },
    });
    given(created, mailed).thenState({ mails: new Set(['mail_1'] as const) });
  });
  test('is the page that is open, and where it is once Stripe has opened it', () => {
    given(created, requested).thenState({
      sessions: 1,
      open: { ...page1, checkoutSession: null, url: null },
    });
    given(created, requested, opened).thenState({
      sessions: 1,
      open: { ...page1, checkoutSession: 'cs_1', url: 'https://stripe.test/c/pay/cs_1' },
    });
    given(created, requested, opened, ended).thenState({ status: 'active', sessions: 1, open: null });
    given(created, requested, ended, opened).thenState({ status: 'active', sessions: 1, open: null });
  });
  test('is who paid it, whose page is over then', () =>
    given(created, requested, opened, paid).thenState({ status: 'paid', paidBy: 'pay_1', open: null }));
  test('is a page that is still open, where the money came by another', () =>
    given(created, requested, { type: 'LinkPaid', data: { payment: 'pay_0' } }).thenState({
      status: 'paid',
      paidBy: 'pay_0',
      open: { ...page1, checkoutSession: null, url: null },
    }));
  test.each([
    ['revoked', revoked],
    ['expired', expired],
    ['superseded', superseded],
  ] as const)('is that it was %s', (status, event) => given(created, event).thenState({ status }));
  test('is nothing, whatever is said of one that nobody made', () =>
    given(requested, paid).thenState({ status: 'none' }));
});

describe('a link that is over', () => {
  test.each([
    ['expired', expired],
    ['superseded', superseded],
  ] as const)('because it was %s can still be revoked, so that it says so', (_, end) =>
    given(created, end).when({ type: 'RevokeLink' }).then(revoked),
  );
  test('says who paid it, and what it is instead', () => {
    given(created, paid).when({ type: 'RevokeLink' }).refused('link_paid', { payment: 'pay_1' });
    given(created, expired).when(ask).refused('link_closed', { link_status: 'expired' });
  });
  test.each([
    ['paid', paid],
    ['revoked', revoked],
  ] as const)('as %s neither expires nor is superseded', (_, end) => {
    given(created, end).when({ type: 'ExpireLink' }).thenNothing();
    given(created, end).when({ type: 'SupersedeLink', why: 'order_settled' }).thenNothing();
  });
  test('is not superseded while its page is open', () =>
    given(created, requested).when({ type: 'SupersedeLink', why: 'order_settled' }).thenNothing());
  test('by the page of another payment leaves the open one to be ended by itself', () =>
    given(created, requested)
      .when({ type: 'RecordPaid', payment: 'pay_0' })
      .then({ type: 'LinkPaid', data: { payment: 'pay_0' } }));
  test('is paid also where no page of it is known', () =>
    given(created).when({ type: 'RecordPaid', payment: 'pay_1' }).then(paid));
});

describe('a page that somebody else opened', () => {
  test('is asked for again in a moment', () =>
    given(created, requested).when(ask).refused('payment_in_flight', { retryable: true }));
  test('under another number is not remembered', () =>
    given(created, requested)
      .when({ type: 'RecordSession', session: 2, checkoutSession: 'cs_2', url: 'https://stripe.test/2' })
      .thenNothing());
  test('of a link without pages is neither remembered nor ended', () => {
    given(created)
      .when({ type: 'RecordSession', session: 1, checkoutSession: 'cs_1', url: 'https://stripe.test/1' })
      .thenNothing();
    given(created).when({ type: 'EndSession', session: 1, why: 'expired' }).thenNothing();
  });
});

test('a link does nothing that nobody has heard of', () => stopsAtTheUnheardOf(paymentLinkDecider, created));

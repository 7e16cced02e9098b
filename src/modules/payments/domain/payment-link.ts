import { assertNever } from '../../../shared/domain/assert-never.js';
import type { Currency } from '../../../shared/domain/currency.js';
import type { Decider } from '../../../shared/domain/decider.js';
import type { LinkId, MailId, OrderId, PaymentId, StoreId } from '../../../shared/domain/ids.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { AmountRule, PaymentLinkEvent, SessionEnd } from './payment-link.events.js';

/** A hosted page of Stripe's, short-lived; `checkoutSession` is null until Stripe has told us its id. */
export type Session = Readonly<{
  session: number;
  payment: PaymentId;
  amount: number;
  expiresAt: string;
  checkoutSession: string | null;
  url: string | null;
}>;

/** A request for payment, at a URL of our own that outlives every hosted page under it. */
export type PaymentLink =
  | Readonly<{ status: 'none' }>
  | Readonly<{
      status: 'active' | 'paid' | 'expired' | 'revoked' | 'superseded';
      link: LinkId;
      order: OrderId;
      store: StoreId;
      livemode: boolean;
      currency: Currency;
      amountRule: AmountRule;
      tokenHash: string;
      expiresAt: string;
      recipient: Readonly<{ name: string; email: string | null }>;
      message: string | null;
      /** At most one hosted page is open per link. */
      open: Session | null;
      /** Stripe's ids of all its pages that were ever open, by the payment they were to take. */
      pages: ReadonlyMap<PaymentId, string>;
      sessions: number;
      /** Mails that were asked for. */
      mails: ReadonlySet<MailId>;
      paidBy: PaymentId | null;
    }>;
export type ExistingLink = Exclude<PaymentLink, { status: 'none' }>;

type RequestedMail = Readonly<{ mail: MailId; messageId: string }>;

export type PaymentLinkCommand =
  | {
      type: 'CreateLink';
      created: Extract<PaymentLinkEvent, { type: 'LinkCreated' }>['data'];
      mail: RequestedMail | null;
    }
  | { type: 'RequestMail'; mail: RequestedMail }
  | { type: 'RequestSession'; payment: PaymentId; amount: number; expiresAt: string }
  | { type: 'RecordSession'; session: number; checkoutSession: string; url: string }
  | { type: 'EndSession'; session: number; why: SessionEnd }
  /** Ends one whose page Stripe has not told us of: nobody was shown it, and from then on nobody will be. */
  | { type: 'GiveUpSession'; session: number }
  | { type: 'RecordPaid'; payment: PaymentId }
  | { type: 'RevokeLink' }
  | { type: 'ExpireLink' }
  | {
      type: 'SupersedeLink';
      why: Extract<PaymentLinkEvent, { type: 'LinkSuperseded' }>['data']['why'];
    };

function decide(command: PaymentLinkCommand, link: PaymentLink): readonly PaymentLinkEvent[] {
  if (command.type === 'CreateLink') {
    if (link.status !== 'none') return [];
    const created: PaymentLinkEvent = { type: 'LinkCreated', data: command.created };
    return command.mail ? [created, requested(command.mail)] : [created];
  }
  if (link.status === 'none') throw new Refusal('not_found', 'There is no such payment link.');
  return decideExisting(command, link);
}

function decideExisting(
  command: Exclude<PaymentLinkCommand, { type: 'CreateLink' }>,
  link: ExistingLink,
): readonly PaymentLinkEvent[] {
  switch (command.type) {
    case 'RequestMail':
      if (link.mails.has(command.mail.mail)) return [];
      mustBeActive(link);
      return [requested(command.mail)];
    case 'RequestSession': {
      mustBeActive(link);
      if (link.open)
        throw new Refusal('payment_in_flight', 'A page of this link is open.', { retryable: true });
      const { payment, amount, expiresAt } = command;
      const session = link.sessions + 1;
      return [{ type: 'SessionRequested', data: { session, payment, amount, expires_at: expiresAt } }];
    }
    case 'RecordSession': {
      if (link.open?.session !== command.session || link.open.checkoutSession) return [];
      const { session, checkoutSession, url } = command;
      return [{ type: 'SessionOpened', data: { session, checkout_session: checkoutSession, url } }];
    }
    case 'EndSession':
      if (link.open?.session !== command.session) return [];
      return [{ type: 'SessionEnded', data: { session: command.session, why: command.why } }];
    case 'GiveUpSession':
      if (link.open?.session !== command.session || link.open.checkoutSession) return [];
      return [{ type: 'SessionEnded', data: { session: command.session, why: 'not_opened' } }];
    case 'RecordPaid':
      return link.status === 'paid'
        ? []
        : [...completed(link, command.payment), { type: 'LinkPaid', data: { payment: command.payment } }];
    case 'RevokeLink':
      if (link.status === 'revoked') return [];
      if (link.status === 'paid') {
        throw new Refusal('link_paid', 'The customer has paid this link.', { payment: link.paidBy });
      }
      if (link.open)
        throw new Refusal('session_fence_pending', 'A page of this link is still open at Stripe.');
      return [{ type: 'LinkRevoked', data: {} }];
    case 'ExpireLink':
      return link.status === 'active' && !link.open ? [{ type: 'LinkExpired', data: {} }] : [];
    case 'SupersedeLink':
      return link.status === 'active' && !link.open
        ? [{ type: 'LinkSuperseded', data: { why: command.why } }]
        : [];
    default:
      return assertNever(command);
  }
}

function requested({ mail, messageId }: RequestedMail): PaymentLinkEvent {
  return { type: 'LinkMailRequested', data: { mail, message_id: messageId } };
}

/** The page that the money came by, where it is still thought to be open. */
function completed({ open }: ExistingLink, payment: PaymentId): PaymentLinkEvent[] {
  if (open?.payment !== payment) return [];
  return [{ type: 'SessionEnded', data: { session: open.session, why: 'completed' } }];
}

function mustBeActive(link: ExistingLink): void {
  if (link.status === 'active') return;
  if (link.status === 'paid') throw new Refusal('link_paid', 'The customer has paid this link.');
  throw new Refusal('link_closed', `The link is ${link.status}.`, { link_status: link.status });
}

function evolve(link: PaymentLink, event: PaymentLinkEvent): PaymentLink {
  if (event.type === 'LinkCreated') {
    const { amount_rule, token_hash, expires_at, metadata: _metadata, ...same } = event.data;
    return {
      status: 'active',
      ...same,
      amountRule: amount_rule,
      tokenHash: token_hash,
      expiresAt: expires_at,
      open: null,
      pages: new Map(),
      sessions: 0,
      mails: new Set(),
      paidBy: null,
    };
  }
  return link.status === 'none' ? link : evolveExisting(link, event);
}

function evolveExisting(
  link: ExistingLink,
  event: Exclude<PaymentLinkEvent, { type: 'LinkCreated' }>,
): PaymentLink {
  switch (event.type) {
    case 'LinkMailRequested':
      return { ...link, mails: new Set(link.mails).add(event.data.mail) };
    case 'SessionRequested': {
      const { session, payment, amount, expires_at } = event.data;
      const open = { session, payment, amount, expiresAt: expires_at, checkoutSession: null, url: null };
      return { ...link, sessions: session, open };
    }
    case 'SessionOpened': {
      const { checkout_session: checkoutSession, url } = event.data;
      if (!link.open) return link;
      const pages = new Map(link.pages).set(link.open.payment, checkoutSession);
      return { ...link, pages, open: { ...link.open, checkoutSession, url } };
    }
    case 'SessionEnded':
      return { ...link, open: null };
    case 'LinkPaid':
      return {
        ...link,
        status: 'paid',
        open: link.open?.payment === event.data.payment ? null : link.open,
        paidBy: event.data.payment,
      };
    case 'LinkRevoked':
      return { ...link, status: 'revoked' };
    case 'LinkExpired':
      return { ...link, status: 'expired' };
    case 'LinkSuperseded':
      return { ...link, status: 'superseded' };
    default:
      return assertNever(event);
  }
}

export const paymentLinkDecider: Decider<PaymentLinkCommand, PaymentLink, PaymentLinkEvent> = {
  initial: { status: 'none' },
  decide,
  evolve,
};
export const paymentLinkAggregate = { category: 'link', decider: paymentLinkDecider } as const;

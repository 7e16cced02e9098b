import type { Told } from '../../../../shared/application/projection.js';
import { assertNever } from '../../../../shared/domain/assert-never.js';
import type { MailId } from '../../../../shared/domain/ids.js';
import type { PaymentLinkEvent } from '../../domain/payment-link.events.js';

export type LinkStatus = 'active' | 'session_open' | 'paid' | 'expired' | 'revoked' | 'superseded';

/** A payment link as clients see it, but for its URL and what became of its mail, which are looked up when shown. */
export type LinkRow = Readonly<{
  id: string;
  object: 'payment_link';
  order: string;
  store: string;
  livemode: boolean;
  status: LinkStatus;
  rule: 'balance' | 'fixed';
  amount: number | null;
  currency: string;
  email: string | null;
  message: string | null;
  expires_at: string;
  /** The newest mail; null where none was asked for. */
  mail: Readonly<{ id: MailId; message_id: string }> | null;
  /** When the customer first pressed Pay. */
  opened_at: string | null;
  payment: string | null;
  created_at: string;
  revision: number;
  metadata: Readonly<Record<string, string>>;
  listed: boolean;
}>;

export function linkRow(row: LinkRow | undefined, event: Told<PaymentLinkEvent>): LinkRow | null {
  if (event.type === 'LinkCreated') return created(event);
  return row ? { ...changed(row, event), revision: event.revision + 1 } : null;
}

function created({ data, at, revision }: Told<PaymentLinkEvent> & { type: 'LinkCreated' }): LinkRow {
  const { amount_rule } = data;
  return {
    id: data.link,
    object: 'payment_link',
    order: data.order,
    store: data.store,
    livemode: data.livemode,
    status: 'active',
    rule: amount_rule.rule,
    amount: amount_rule.rule === 'fixed' ? amount_rule.amount : null,
    currency: data.currency,
    email: data.recipient.email,
    message: data.message,
    expires_at: data.expires_at,
    mail: null,
    opened_at: null,
    payment: null,
    created_at: at,
    revision: revision + 1,
    metadata: data.metadata,
    listed: true,
  };
}

function changed(row: LinkRow, event: Exclude<Told<PaymentLinkEvent>, { type: 'LinkCreated' }>): LinkRow {
  switch (event.type) {
    case 'LinkMailRequested': {
      return { ...row, mail: { id: event.data.mail, message_id: event.data.message_id } };
    }
    case 'SessionRequested':
      return { ...row, opened_at: row.opened_at ?? event.at };
    case 'SessionOpened':
      return { ...row, status: 'session_open' };
    case 'SessionEnded':
      return row.status === 'session_open' ? { ...row, status: 'active' } : row;
    case 'LinkPaid':
      return { ...row, status: 'paid', payment: event.data.payment };
    case 'LinkRevoked':
      return { ...row, status: 'revoked' };
    case 'LinkExpired':
      return { ...row, status: 'expired' };
    case 'LinkSuperseded':
      return { ...row, status: 'superseded' };
    default:
      return assertNever(event);
  }
}

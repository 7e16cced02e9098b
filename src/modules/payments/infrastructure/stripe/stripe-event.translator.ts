import type Stripe from 'stripe';
import type { StoreId } from '../../../../shared/domain/ids.js';
import type { StripeNotice } from '../../domain/stripe-event.js';

/** What we keep of an event: whom it is about. Its contents are old news; what counts is asked of Stripe anew. */
export function toNotice(store: StoreId, account: string | null, event: Stripe.Event): StripeNotice {
  const object: Readonly<Record<string, unknown>> = { ...event.data.object };
  const metadata = isRecord(object['metadata']) ? object['metadata'] : {};
  const intent = object['object'] === 'payment_intent' ? object['id'] : object['payment_intent'];
  return {
    store,
    event: event.id,
    type: event.type,
    created: event.created,
    api_version: event.api_version ?? null,
    livemode: event.livemode,
    account: event.account ?? account,
    object: {
      id: text(object['id']) ?? '',
      object: text(object['object']) ?? '',
      payment_intent: text(intent) ?? (isRecord(intent) ? text(intent['id']) : null),
      payment: text(metadata['payment']),
      store: text(metadata['store']),
    },
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const LONGEST_ID = 255;

function text(value: unknown): string | null {
  return typeof value === 'string' && value.length <= LONGEST_ID ? value : null;
}

import { createHmac, randomBytes } from 'node:crypto';
import type { WebhookEffect } from '../faults/rules.js';
import type { StripeEvent } from '../objects/event.js';
import { signatureHeader } from './signature.js';

export type Parcel = Readonly<{ body: string; signature: string }>;

const stale = -600;
const future = 86_400;

/** An event as it travels, signed now; or, as a fault has it, not quite. */
export function pack(event: StripeEvent, secrets: readonly string[], fault?: WebhookEffect): Parcel {
  const body = JSON.stringify(altered(event, fault), null, 2);
  const timestamp = Math.floor(Date.now() / 1000) + shiftOf(fault);
  const keys = fault?.kind === 'bad_signature' ? [foreignSecret()] : secrets;
  return { body, signature: signatureHeader(keys, body, timestamp) };
}

function altered(event: StripeEvent, fault: WebhookEffect | undefined): object {
  switch (fault?.kind) {
    case 'other_api_version':
      return { ...event, api_version: '2020-08-27' };
    case 'wrong_livemode':
      return { ...event, livemode: true };
    case 'unknown_type':
      return { ...event, type: 'sandbox.something_new' };
    case 'foreign_account':
      return { ...event, account: 'acct_1NobodyWeKnow000' };
    default:
      return event;
  }
}

function shiftOf(fault: WebhookEffect | undefined): number {
  if (fault?.kind === 'stale_timestamp') return stale;
  return fault?.kind === 'future_timestamp' ? future : 0;
}

function foreignSecret(): string {
  return `whsec_${createHmac('sha256', randomBytes(16)).digest('hex').slice(0, 32)}`;
}

/** What a restricted key of Stripe's may be allowed or not, and the calls of ours that need it. */
const calls = {
  'payment_intents:write': ['create intent', 'confirm', 'cancel intent'],
  'checkout_sessions:write': ['open page', 'expire page'],
  'refunds:write': ['create refund'],
  payment_intents: ['create intent', 'confirm', 'cancel intent', 'find intent', 'find payment'],
  checkout_sessions: ['open page', 'expire page', 'find page', 'find page of intent'],
  refunds: ['create refund', 'find refunds'],
  charges_and_disputes: ['find fee', 'find disputes'],
  events: ['list events'],
  balance: ['list bookings', 'find bookings', 'list payouts'],
} as const;

export type Right = keyof typeof calls;
export const RIGHTS = Object.keys(calls) as readonly Right[];

export function needs(call: string, right: Right | undefined): boolean {
  return right !== undefined && (calls[right] as readonly string[]).includes(call);
}

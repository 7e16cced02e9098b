export type StripeEvent = Readonly<{
  id: string;
  object: 'event';
  account?: string;
  api_version: string;
  created: number;
  data: Readonly<{ object: object; previous_attributes?: object }>;
  livemode: false;
  /** How many endpoints were to hear of it when it was made. */
  pending_webhooks: number;
  request: Readonly<{ id: string | null; idempotency_key: string | null }> | null;
  type: string;
}>;

/** How many endpoints have not heard of it yet. */
export type EventNote = Readonly<{ undelivered: number }>;

/** One event on its way to one endpoint, and what came of it. Times are virtual milliseconds. */
export type Delivery = Readonly<{
  id: string;
  event: string;
  type: string;
  endpoint: string;
  url: string;
  state: 'pending' | 'delivered' | 'failed' | 'dropped';
  attempts: number;
  nextAt: number;
  lastStatus: number | null;
  lastError: string | null;
}>;

import type { Metadata } from './shared.js';

export type WebhookEndpoint = Readonly<{
  id: string;
  object: 'webhook_endpoint';
  api_version: string | null;
  application: string | null;
  created: number;
  description: string | null;
  enabled_events: readonly string[];
  livemode: false;
  metadata: Metadata;
  status: 'enabled' | 'disabled';
  url: string;
}>;

/** `previousSecret` signs too until `previousUntil`, in virtual milliseconds. */
export type EndpointNote = Readonly<{
  secret: string;
  connect: boolean;
  previousSecret: string | null;
  previousUntil: number;
}>;

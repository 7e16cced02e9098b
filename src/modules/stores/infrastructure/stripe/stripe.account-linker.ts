import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { type AskOptions, askStripe } from '../../../../shared/infrastructure/stripe/ask-stripe.js';
import { StripeClients, stripeApiVersion } from '../../../../shared/infrastructure/stripe/stripe-client.js';
import { StripeKeyRefused } from '../../../../shared/infrastructure/stripe/stripe-failure.js';
import {
  AccountLinker,
  type Endpoint,
  type LinkedAccount,
  LinkRefused,
} from '../../application/ports/account-linker.port.js';
import type { Connection } from '../../domain/store.events.js';
import { linkFailure, type RefusedAs } from './link-failure.js';
import { StripeDoors } from './stripe-doors.js';
import { webhookEvents } from './webhook-events.js';

@Injectable()
export class StripeAccountLinker extends AccountLinker {
  constructor(
    private readonly clients: StripeClients,
    private readonly doors: StripeDoors,
  ) {
    super();
  }

  async accountOf(secretKey: string): Promise<LinkedAccount> {
    const livemode = /^(sk|rk)_live_/.test(secretKey);
    if (livemode && !this.clients.isRealStripe) {
      throw new LinkRefused('key_revoked', 'This is a live key, but only test payments are made here.');
    }
    const stripe = this.clients.withKey(secretKey);
    return linked(await ask(() => stripe.accounts.retrieveCurrent(), 'key_revoked'), livemode);
  }

  authorizeUrl(state: string, returnTo: string): string | null {
    const { platform, connectUrl } = this.clients;
    if (!platform) return null;
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: platform.clientId,
      scope: 'read_write',
      redirect_uri: returnTo,
      state,
    });
    return `${connectUrl}/oauth/authorize?${query}`;
  }

  async exchange(code: string): Promise<LinkedAccount> {
    if (!this.clients.platform) throw new LinkRefused('code_refused', 'No Stripe platform is configured.');
    const platform = this.clients.asPlatform();
    const token = await ask(
      () => platform.oauth.token({ grant_type: 'authorization_code', code }),
      'code_refused',
      {
        recognise: ({ stripe_user_id, livemode }) => Boolean(stripe_user_id) && typeof livemode === 'boolean',
      },
    );
    const account = token.stripe_user_id ?? '';
    const found = await ask(() => platform.accounts.retrieve(account), 'account_gone');
    return linked(found, token.livemode === true);
  }

  async deauthorize({ account }: Connection): Promise<void> {
    const { platform } = this.clients;
    if (!platform) return;
    const asked = { client_id: platform.clientId, stripe_user_id: account };
    try {
      await askStripe(() => this.clients.asPlatform().oauth.deauthorize(asked), {
        deadlineMs,
        recognise: ({ stripe_user_id }) => stripe_user_id === account,
      });
    } catch (failure) {
      // The merchant was faster: `invalid_client` with these words, the same code as for a wrong client id.
      if (failure instanceof StripeKeyRefused && /not connected/i.test(failure.message)) return;
      throw linkFailure(failure, 'account_gone');
    }
  }

  async endpoints(connection: Connection, store: StoreId): Promise<readonly Endpoint[]> {
    const stripe = await this.doors.through(connection);
    const found: Stripe.WebhookEndpoint[] = [];
    for (let after: string | undefined, more = true; more; ) {
      const page = { limit: 100, ...(after === undefined ? {} : { starting_after: after }) };
      const { data, has_more } = await ask(
        () => stripe.webhookEndpoints.list(page),
        'webhook_endpoint_refused',
      );
      found.push(...data);
      after = data.at(-1)?.id;
      more = has_more && after !== undefined;
    }
    return found.filter((endpoint) => isOf(store, endpoint)).map(toEndpoint);
  }

  async createEndpoint(connection: Connection, store: StoreId, url: string, idempotencyKey: string) {
    const stripe = await this.doors.through(connection);
    const wanted = {
      url,
      enabled_events: [...webhookEvents],
      api_version: stripeApiVersion,
      description: 'Quittance',
      metadata: { store },
    };
    // The same key with other parameters would be an error: a release may change what we subscribe to.
    const key = `${idempotencyKey}:${createHash('sha256').update(JSON.stringify(wanted)).digest('hex').slice(0, 16)}`;
    const made = await ask(
      () => stripe.webhookEndpoints.create(wanted, { idempotencyKey: key }),
      'webhook_endpoint_refused',
      { recognise: ({ id, secret }) => Boolean(id) && Boolean(secret) },
    );
    return { id: made.id, secret: made.secret ?? '' };
  }

  async deleteEndpoint(connection: Connection, id: string): Promise<void> {
    const stripe = await this.doors.through(connection);
    try {
      await ask(() => stripe.webhookEndpoints.del(id), 'webhook_endpoint_refused');
    } catch (failure) {
      if (!(failure instanceof LinkRefused && failure.kind === 'webhook_endpoint_refused')) throw failure;
    }
  }
}

/** Up to four calls make one answer of ours, which must go out within 25 seconds. */
const deadlineMs = 5_000;

async function ask<T extends object>(
  call: () => Promise<T>,
  refusedAs: RefusedAs,
  options: AskOptions<T> = {},
): Promise<T> {
  try {
    return await askStripe(call, { deadlineMs, ...options });
  } catch (failure) {
    throw linkFailure(failure, refusedAs);
  }
}

function linked(account: Stripe.Account, livemode: boolean): LinkedAccount {
  return {
    account: account.id,
    country: account.country ?? '',
    default_currency: account.default_currency ?? '',
    livemode,
  };
}

function isOf(store: StoreId, { url, metadata }: Stripe.WebhookEndpoint): boolean {
  return metadata?.['store'] === store || url.endsWith(`/v1/webhooks/stripe/${store}`);
}

function toEndpoint({ id, url, status, enabled_events, api_version }: Stripe.WebhookEndpoint): Endpoint {
  const wanted: readonly string[] = webhookEvents;
  const exact =
    enabled_events.length === wanted.length && enabled_events.every((name) => wanted.includes(name));
  return { id, url, sound: status === 'enabled' && exact && api_version === stripeApiVersion };
}

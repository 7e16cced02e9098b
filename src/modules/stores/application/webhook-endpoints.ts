import { Injectable } from '@nestjs/common';
import type { Context } from '../../../shared/application/context.js';
import { Clock } from '../../../shared/application/ports/clock.port.js';
import type { ExpectedRevision } from '../../../shared/application/ports/event-store.port.js';
import { Ids } from '../../../shared/application/ports/ids.port.js';
import { SecretVault } from '../../../shared/application/ports/secret-vault.port.js';
import { Streams } from '../../../shared/application/streams.js';
import type { StoreId } from '../../../shared/domain/ids.js';
import type { Connection } from '../domain/store.events.js';
import type { WebhookSecret } from '../domain/store.state.js';
import { AccountLinker, LinkRefused } from './ports/account-linker.port.js';
import { OwnAddresses } from './ports/own-addresses.port.js';
import { storeAggregate } from './store-aggregate.js';

/** How long Stripe may still sign with a secret that was replaced. */
export const secretGraceMs = 24 * 3_600_000;

/**
 * Keeps exactly one endpoint of ours at a store's account, at our present address. Safe to run at any time, by
 * several processes at once, and again after a crash anywhere in it.
 */
@Injectable()
export class WebhookEndpoints {
  constructor(
    private readonly streams: Streams,
    private readonly linker: AccountLinker,
    private readonly addresses: OwnAddresses,
    private readonly vault: SecretVault,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** Not connected: nothing happens. @throws LinkRefused, LinkUnavailable */
  async ensure(store: StoreId, context: Context): Promise<void> {
    const { state, revision } = await this.streams.load(storeAggregate, store);
    if (!state.exists || !state.connection) return;
    const { connection, endpoint, secrets } = state;
    const url = this.addresses.webhookUrl(store);
    const found = await this.linker.endpoints(connection, store);
    const sound = found.some((one) => one.id === endpoint?.id && one.url === url && one.sound);
    const replaces = endpoint?.id ?? null;
    // Who looks after an endpoint at Stripe by hand gets by without ours.
    const optional = endpoint === null && secrets.length > 0;
    const kept =
      sound && (await this.hasSecret(secrets.at(-1)?.ref))
        ? replaces
        : await this.replace({ store, connection, url, replaces, revision, optional }, context);
    for (const { id } of found) if (id !== kept) await this.linker.deleteEndpoint(connection, id);
    await this.forgetExpired(secrets);
  }

  private async forgetExpired(secrets: readonly WebhookSecret[]): Promise<void> {
    const now = this.clock.now().toISOString();
    for (const { ref, until } of secrets) if (until !== null && until <= now) await this.vault.remove(ref);
  }

  private async hasSecret(ref: string | undefined): Promise<boolean> {
    return ref !== undefined && (await this.vault.get(ref)) !== undefined;
  }

  /** The endpoint in use afterwards: the new one, unless another process was faster. */
  private async replace(
    asked: Readonly<{
      store: StoreId;
      connection: Connection;
      url: string;
      replaces: string | null;
      revision: ExpectedRevision;
      optional: boolean;
    }>,
    context: Context,
  ): Promise<string | null> {
    const { store, connection, url, replaces, revision } = asked;
    // The same decision asks under the same key: what was made just before a crash is found again, secret and all.
    const made = await this.linker
      .createEndpoint(connection, store, url, `${store}:endpoint:${revision}`)
      .catch((failure: unknown) => {
        const bearable = failure instanceof LinkRefused && failure.kind === 'webhook_endpoint_refused';
        if (asked.optional && bearable) return null;
        throw failure;
      });
    if (!made) return replaces;
    const secret_ref = `${store}/webhook_secret/${this.ids.next()}`;
    await this.vault.put(secret_ref, made.secret);
    const earlier_until = new Date(this.clock.now().getTime() + secretGraceMs).toISOString();
    const { state, events } = await this.streams.handle(
      storeAggregate,
      store,
      { type: 'RegisterEndpoint', endpoint: made.id, url, secret_ref, earlier_until, replaces },
      context,
    );
    if (events.length === 0) await this.vault.remove(secret_ref);
    const current = state.exists ? (state.endpoint?.id ?? null) : null;
    if (current !== made.id) await this.linker.deleteEndpoint(connection, made.id);
    return current;
  }
}

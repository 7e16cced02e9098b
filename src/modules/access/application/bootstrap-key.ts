import { Injectable } from '@nestjs/common';
import { Claims } from '../../../shared/application/claims.js';
import { onOurOwn } from '../../../shared/application/context.js';
import { Ids } from '../../../shared/application/ports/ids.port.js';
import { Streams } from '../../../shared/application/streams.js';
import { SCOPES } from '../../../shared/domain/scope.js';
import { apiKeyAggregate } from './api-key-aggregate.js';
import { type KeySecret, KeySecrets } from './key-secrets.js';

/** The first key, which all others come from: every scope, every store. */
@Injectable()
export class BootstrapKey {
  constructor(
    private readonly streams: Streams,
    private readonly claims: Claims,
    private readonly secrets: KeySecrets,
    private readonly ids: Ids,
  ) {}

  /**
   * Sees to it that there is one. A given secret becomes a key, unless that key was revoked since.
   * @returns a new secret, to be shown once, where none was given and this is the first start
   */
  async ensure(given: string | undefined, livemode: boolean): Promise<string | undefined> {
    if (given !== undefined) {
      await this.issue(this.secrets.of(given), given.startsWith('qk_live_'));
      return undefined;
    }
    const made = this.secrets.make(livemode);
    const owner = await this.claims.claim('apikey', 'bootstrap', { key: made.id });
    if (owner['key'] !== made.id) return undefined;
    await this.issue(made, livemode);
    return made.secret;
  }

  private async issue({ id, hash, prefix }: KeySecret, livemode: boolean): Promise<void> {
    const key = { name: 'Bootstrap', scopes: SCOPES, stores: 'all' as const, livemode, hash, prefix };
    await this.streams.handle(
      apiKeyAggregate,
      id,
      { type: 'IssueKey', key },
      onOurOwn('boot', `boot_${this.ids.next()}`),
    );
  }
}

import { Injectable } from '@nestjs/common';
import { Authenticator, type Grant } from '../../../shared/application/ports/access.port.js';
import { Streams } from '../../../shared/application/streams.js';
import { apiKeyAggregate } from './api-key-aggregate.js';
import { KeySecrets, sameHash } from './key-secrets.js';

/** Reads a key's own stream at each call: what was revoked a moment ago, on any node, is refused now. */
@Injectable()
export class StreamAuthenticator extends Authenticator {
  constructor(
    private readonly streams: Streams,
    private readonly secrets: KeySecrets,
  ) {
    super();
  }

  async authenticate(secret: string): Promise<Grant | undefined> {
    const { id, hash } = this.secrets.of(secret);
    const { state } = await this.streams.load(apiKeyAggregate, id);
    if (state.status !== 'active' || !sameHash(state.key.hash, hash)) return undefined;
    const { name, scopes, stores } = state.key;
    return { actor: { kind: 'api_key', id, name }, scopes, stores };
  }
}

import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ApiKeyId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { coversStores, missingScope, type Reach } from '../../domain/api-key.js';
import { apiKeyAggregate } from '../api-key-aggregate.js';
import { KeySecrets } from '../key-secrets.js';

/** Makes a key that reaches no further than whoever makes it. The secret is in the answer and nowhere else. */
export class IssueApiKey extends Command<Readonly<{ id: ApiKeyId; secret: string }>> {
  constructor(
    readonly name: string,
    readonly reach: Reach,
    readonly livemode: boolean,
    readonly issuer: Reach,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(IssueApiKey)
export class IssueApiKeyHandler implements ICommandHandler<IssueApiKey> {
  constructor(
    private readonly streams: Streams,
    private readonly secrets: KeySecrets,
  ) {}

  /** @throws Refusal `forbidden_scope`, or `not_found` for a store beyond the issuer's reach */
  async execute({ name, reach, livemode, issuer, context }: IssueApiKey) {
    const missing = missingScope(issuer, reach);
    if (missing) {
      throw new Refusal('forbidden_scope', 'A key hands out no scope that it does not have.', {
        required_scope: missing,
        param: '/scopes',
      });
    }
    if (!coversStores(issuer, reach)) {
      throw new Refusal('not_found', 'There is no such store, or this key does not reach it.', {
        param: '/stores',
      });
    }
    const { id, secret, hash, prefix } = this.secrets.make(livemode);
    const key = { ...reach, name, livemode, hash, prefix };
    await this.streams.handle(apiKeyAggregate, id, { type: 'IssueKey', key }, context);
    return { id, secret };
  }
}

import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ApiKeyId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { coversStores, type Reach } from '../../domain/api-key.js';
import { apiKeyAggregate } from '../api-key-aggregate.js';

/** From the next call on, the key opens nothing. Revoking it again changes nothing. */
export class RevokeApiKey extends Command<void> {
  constructor(
    readonly id: ApiKeyId,
    readonly by: Reach,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(RevokeApiKey)
export class RevokeApiKeyHandler implements ICommandHandler<RevokeApiKey> {
  constructor(private readonly streams: Streams) {}

  /** @throws Refusal `not_found`, also for a key that reaches further than whoever revokes it */
  async execute({ id, by, context }: RevokeApiKey): Promise<void> {
    const { state } = await this.streams.load(apiKeyAggregate, id);
    if (state.status === 'none' || !coversStores(by, state.key)) {
      throw new Refusal('not_found', 'There is no such key.');
    }
    await this.streams.handle(apiKeyAggregate, id, { type: 'RevokeKey' }, context);
  }
}

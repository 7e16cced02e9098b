import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { z } from 'zod';
import type { ApiKeyId } from '../../../../shared/domain/ids.js';
import { Scope } from '../../../../shared/infrastructure/http/access.js';
import { Answers, Problems, Says } from '../../../../shared/infrastructure/http/answers.js';
import { list } from '../../../../shared/infrastructure/http/list-query.js';
import { Caller } from '../../../../shared/infrastructure/http/requests.js';
import { IssueApiKey } from '../../application/commands/issue-api-key.command.js';
import { RevokeApiKey } from '../../application/commands/revoke-api-key.command.js';
import { GetApiKey, ListApiKeys } from '../../application/queries/api-keys.query.js';
import {
  ApiKeyAnswer,
  ApiKeyBody,
  ApiKeyList,
  ApiKeyParam,
  ApiKeyQuery,
  NewApiKeyAnswer,
} from './api-key.schemas.js';

/** Keys to this API. A key makes, sees and revokes only keys that reach no further than itself. */
@Controller('v1/api_keys')
@Scope('stores:admin')
export class ApiKeysController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @Says('Make a key', 'Its secret is in this answer and can never be asked for again.')
  @Answers(201, NewApiKeyAnswer, 'The key and its secret.')
  async issue(@Caller() caller: Caller, @Body({ schema: ApiKeyBody }) body: z.infer<typeof ApiKeyBody>) {
    const { name, scopes = caller.scopes, stores = caller.stores, livemode } = body;
    const { id, secret } = await this.commands.execute(
      new IssueApiKey(name, { scopes, stores }, livemode, caller, caller.context()),
    );
    return { ...(await this.queries.execute(new GetApiKey(id, caller))), secret };
  }

  @Get()
  @Says('List keys')
  @Answers(200, ApiKeyList)
  async list(@Caller() caller: Caller, @Query({ schema: ApiKeyQuery }) query: z.infer<typeof ApiKeyQuery>) {
    const { rows, hasMore } = await this.queries.execute(new ListApiKeys(query, caller));
    return list(rows, hasMore);
  }

  @Get(':id')
  @Says('See a key')
  @Answers(200, ApiKeyAnswer)
  get(@Caller() caller: Caller, @Param('id', { schema: ApiKeyParam }) id: ApiKeyId) {
    return this.queries.execute(new GetApiKey(id, caller));
  }

  @Post(':id/revoke')
  @Says('Revoke a key', 'It opens nothing from the next call on. Revoking it again changes nothing.')
  @Answers(200, ApiKeyAnswer)
  @Problems('not_found')
  async revoke(@Caller() caller: Caller, @Param('id', { schema: ApiKeyParam }) id: ApiKeyId) {
    await this.commands.execute(new RevokeApiKey(id, caller, caller.context()));
    return this.queries.execute(new GetApiKey(id, caller));
  }
}

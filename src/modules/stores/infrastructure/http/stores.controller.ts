import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { z } from 'zod';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { Scope } from '../../../../shared/infrastructure/http/access.js';
import { Answers, Problems, Says } from '../../../../shared/infrastructure/http/answers.js';
import { IfMatch } from '../../../../shared/infrastructure/http/headers.js';
import { list, listQuery } from '../../../../shared/infrastructure/http/list-query.js';
import type { Precondition } from '../../../../shared/infrastructure/http/precondition.js';
import { Caller } from '../../../../shared/infrastructure/http/requests.js';
import { AsksStripe } from '../../../../shared/infrastructure/http/server.js';
import { ConnectStore } from '../../application/commands/connect-store.command.js';
import { DisconnectStore } from '../../application/commands/disconnect-store.command.js';
import { SendTestNotification } from '../../application/commands/send-test-notification.command.js';
import { UpdateStore } from '../../application/commands/update-store.command.js';
import { GetStore } from '../../application/queries/get-store.query.js';
import { ListStores } from '../../application/queries/list-stores.query.js';
import { ConnectStoreBody, StoreAnswer, StoreIdParam, StoreList, UpdateStoreBody } from './stores.wire.js';

const StoreQuery = listQuery({});

/** The Integrations page: name a store, connect it to its Stripe account, say who hears of problems. */
@Controller('v1/stores')
@Scope('stores:admin')
export class StoresController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly ids: Ids,
  ) {}

  @Post()
  @AsksStripe()
  @Says(
    'Name a store and connect it',
    'With a secret key it is connected at once. Without one, follow `connect_url` to Stripe and back.',
  )
  @Answers(201, StoreAnswer)
  @Problems('validation_failed', 'stripe_unreachable')
  async connect(
    @Caller() caller: Caller,
    @Body({ schema: ConnectStoreBody }) body: z.infer<typeof ConnectStoreBody>,
  ) {
    if (caller.stores !== 'all') {
      throw new Refusal('forbidden_scope', 'A new store would be out of reach of this key.', {
        required_scope: 'stores:admin',
      });
    }
    const store: StoreId = `store_${this.ids.next()}`;
    const ask = { ...body, stripe_secret_key: body.stripe_secret_key ?? null };
    await this.commands.execute(new ConnectStore(store, ask, caller.context()));
    return this.show(store);
  }

  @Get()
  @Says('Stores that this key reaches, newest first')
  @Answers(200, StoreList)
  async list(
    @Caller() caller: Caller,
    @Query({ schema: StoreQuery }) { where: _, ...page }: z.infer<typeof StoreQuery>,
  ) {
    const { data, hasMore } = await this.queries.execute(new ListStores(caller.stores, page));
    return list(data, hasMore);
  }

  @Get(':id')
  @Says('One store, with what ails it')
  @Answers(200, StoreAnswer)
  get(@Caller() caller: Caller, @Param('id', { schema: StoreIdParam }) id: StoreId) {
    return this.show(reached(caller, id));
  }

  @Patch(':id')
  @AsksStripe()
  @Says(
    'Rename, redirect its mail, reconnect',
    'A secret key reconnects the store to the same account. A store that is not connected gets a fresh `connect_url`.',
  )
  @Answers(200, StoreAnswer)
  @Problems('validation_failed', 'mode_mismatch', 'revision_mismatch', 'stripe_unreachable')
  async update(
    @Caller() caller: Caller,
    @IfMatch() expected: Precondition,
    @Param('id', { schema: StoreIdParam }) id: StoreId,
    @Body({ schema: UpdateStoreBody }) body: z.infer<typeof UpdateStoreBody>,
  ) {
    const { revision } = await this.show(reached(caller, id));
    expected.check(revision);
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value != null));
    const ask = { ...given, ...(expected.asks && { expectedRevision: revision - 1 }) };
    await this.commands.execute(new UpdateStore(id, ask, caller.context()));
    return this.show(id);
  }

  @Post(':id/disconnect')
  @AsksStripe()
  @HttpCode(200)
  @Says(
    'End the connection, here and at Stripe',
    'What is under way is ended first, and Stripe has to confirm it. Charges and payment links of the store are refused from then on.',
  )
  @Answers(200, StoreAnswer)
  @Problems('session_fence_pending', 'stripe_error', 'stripe_unreachable')
  async disconnect(@Caller() caller: Caller, @Param('id', { schema: StoreIdParam }) id: StoreId) {
    await this.commands.execute(new DisconnectStore(reached(caller, id), caller.context()));
    return this.show(id);
  }

  @Post(':id/test_notification')
  @HttpCode(200)
  @Says('Send a mail to the notification address, to see it arrive')
  @Answers(200, StoreAnswer)
  async testNotification(@Caller() caller: Caller, @Param('id', { schema: StoreIdParam }) id: StoreId) {
    await this.commands.execute(new SendTestNotification(reached(caller, id), caller.context()));
    return this.show(id);
  }

  private show(id: StoreId) {
    return this.queries.execute(new GetStore(id));
  }
}

/** @throws Refusal `not_found`, in the same words for a store that is not and one that this key does not reach. */
function reached(caller: Caller, id: StoreId): StoreId {
  if (caller.reaches(id)) return id;
  throw new Refusal('not_found', 'There is no such store.');
}

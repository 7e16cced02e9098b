import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { checkState } from '../../domain/store.js';
import { type ExistingStore, isCompleted } from '../../domain/store.state.js';
import { ConnectionStates } from '../connection-states.js';
import { refusedAt } from '../link-refusals.js';
import { AccountLinker } from '../ports/account-linker.port.js';
import { storeAggregate } from '../store-aggregate.js';
import { StoreHealth } from '../store-health.js';

export type CompletedConnection = Readonly<{ store: StoreId; name: string; account: string }>;

/** The merchant is back from Stripe with a code. The same page loaded again: the same answer, nothing new. */
export class CompleteConnection extends Command<CompletedConnection> {
  constructor(
    readonly state: string,
    readonly code: string,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(CompleteConnection)
export class CompleteConnectionHandler implements ICommandHandler<CompleteConnection> {
  constructor(
    private readonly streams: Streams,
    private readonly states: ConnectionStates,
    private readonly linker: AccountLinker,
    private readonly health: StoreHealth,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal `validation_failed` at `/state` or `/code`, `mode_mismatch`, `stripe_unreachable` */
  async execute({ state, code, context: asked }: CompleteConnection): Promise<CompletedConnection> {
    const read = this.states.read(state);
    if (!read) throw unknownState();
    const { store, stateHash } = read;
    const { state: before } = await this.streams.load(storeAggregate, store);
    if (!before.exists) throw unknownState();
    if (isCompleted(before, stateHash)) return completed(store, before);

    const at = this.clock.now().toISOString();
    // The code works once, so it is not spent on a state that would be refused afterwards.
    checkState(before, stateHash, at);
    const account = await this.linker.exchange(code).catch(refusedAt('/code'));
    const connection = { ...account, method: 'oauth', secret_ref: null } as const;
    const context = { ...asked, store };
    const command = { type: 'CompleteConnection', connection, state_hash: stateHash, at } as const;
    await this.streams.handle(storeAggregate, store, command, context);
    await this.health.check(store, context);
    return { store, name: before.name, account: account.account };
  }
}

function completed(store: StoreId, { name, connection }: ExistingStore): CompletedConnection {
  return { store, name, account: connection?.account ?? '' };
}

function unknownState(): Refusal {
  return new Refusal('validation_failed', 'This is no connection link of ours.', { param: '/state' });
}

import { Injectable } from '@nestjs/common';
import { Clock } from '../../../shared/application/ports/clock.port.js';
import { Streams } from '../../../shared/application/streams.js';
import type { StoreId } from '../../../shared/domain/ids.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import { ConnectionStates } from './connection-states.js';
import { type StoreResource, type StoreRow, stores } from './projections/stores.projection.js';
import { storeAggregate } from './store-aggregate.js';

/** Stores as clients see them: a row of the read model and, while it can be followed, the address to connect at. */
@Injectable()
export class StoreResources {
  constructor(
    private readonly streams: Streams,
    private readonly states: ConnectionStates,
    private readonly clock: Clock,
  ) {}

  /** One store as its stream says now: an answer to a write shows that write. @throws Refusal `not_found` */
  async now(id: StoreId): Promise<StoreResource> {
    const history = await this.streams.history(storeAggregate, id);
    const row = history.reduce<StoreRow | undefined>(
      (folded, event) => stores.project(folded, event, id) ?? undefined,
      undefined,
    );
    if (!row) throw new Refusal('not_found', 'There is no such store.');
    return this.show(row);
  }

  async show(row: StoreRow): Promise<StoreResource> {
    const { request, connection, hears: _, ...rest } = row;
    const round = connection === 'up' ? null : request;
    return { ...rest, connect_url: await this.states.connectUrl(row.id, round, this.clock.now()) };
  }
}

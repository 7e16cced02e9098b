import { Injectable } from '@nestjs/common';
import { Streams } from '../../../../shared/application/streams.js';
import type { ExceptionId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { exceptionAggregate } from '../../domain/exception.js';
import { type ExceptionRow, exceptions } from '../projections/exceptions.projection.js';

/** One exception as the log has it at this instant: the projection itself, folded over its stream. */
@Injectable()
export class ExceptionNow {
  constructor(private readonly streams: Streams) {}

  /** @throws Refusal `not_found`, also for one of another store */
  async find(store: StoreId, id: ExceptionId): Promise<ExceptionRow> {
    const row = await this.peek(id);
    if (row?.store === store) return row;
    throw new Refusal('not_found', 'There is no such exception.');
  }

  /** Of whatever store; undefined where there is none. */
  async peek(id: ExceptionId): Promise<ExceptionRow | undefined> {
    let row: ExceptionRow | undefined;
    for (const event of await this.streams.history(exceptionAggregate, id)) {
      row = exceptions.project(row, event, id) ?? undefined;
    }
    return row;
  }
}

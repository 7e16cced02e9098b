import { Injectable } from '@nestjs/common';
import type { Context } from '../../../../shared/application/context.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ExceptionId } from '../../../../shared/domain/ids.js';
import { StoreDirectory } from '../../../stores/index.js';
import type { ExceptionKind, Subject } from '../../domain/exception.events.js';
import { exceptionAggregate } from '../../domain/exception.js';
import { exceptionIdFor } from '../exception-stream.js';

/** Something that does not fit. `matter` names it: the same matter is one exception, however often it is noticed. */
export type Misfit = Readonly<{
  kind: ExceptionKind;
  matter: string;
  about: Pick<Subject, 'store' | 'livemode'> & Partial<Subject>;
  explanation: string;
}>;

const nothing = {
  order: null,
  payment: null,
  refund: null,
  dispute: null,
  mail: null,
  amount: null,
  currency: null,
} as const;

/** What does not fit is never only logged: it becomes an exception that somebody owns. */
@Injectable()
export class Opening {
  constructor(
    private readonly streams: Streams,
    private readonly stores: StoreDirectory,
    private readonly ids: Ids,
  ) {}

  /** Until somebody else takes it, whoever reads the store's notifications owns it. */
  async open({ kind, matter, about, explanation }: Misfit, context: Context): Promise<ExceptionId> {
    const id = exceptionIdFor(this.ids, kind, matter);
    const { notification_email: owner } = await this.stores.get(about.store);
    const subject = { ...nothing, ...about };
    const opened = { kind, ...subject, explanation, owner };
    const { store, order } = subject;
    const inStory = { ...context, store, ...(order && { order }) };
    await this.streams.handle(exceptionAggregate, id, { type: 'OpenException', opened }, inStory);
    return id;
  }
}

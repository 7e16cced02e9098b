import { Injectable } from '@nestjs/common';
import { following } from '../../../../shared/application/context.js';
import { Outbox } from '../../../../shared/application/outbox.js';
import type { Policy } from '../../../../shared/application/policy.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ExceptionId, MailId } from '../../../../shared/domain/ids.js';
import { mailAggregate } from '../../../../shared/domain/mail.js';
import { StoreDirectory } from '../../../stores/index.js';
import type { ExceptionEvent } from '../../domain/exception.events.js';
import { exceptionIdFor, exceptionIdOf } from '../exception-stream.js';
import { EXCEPTION_MAIL, isForMerchant } from '../mails-of-ours.js';

type Opened = Extract<ExceptionEvent, { type: 'ExceptionOpened' }>['data'];

/** The store's notification address hears of every exception, once. */
@Injectable()
export class MailNoticeWhenExceptionOpens implements Policy<ExceptionEvent> {
  readonly name = 'mail-notice-when-exception-opens';
  readonly reads = ['ExceptionOpened'] as const;

  constructor(
    private readonly streams: Streams,
    private readonly stores: StoreDirectory,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
  ) {}

  async on(event: Told<ExceptionEvent>): Promise<void> {
    if (event.type !== 'ExceptionOpened' || (await this.#isInVain(event.data))) return;
    const about = exceptionIdOf(event.stream);
    const { store, order } = event.data;
    const { name, notification_email: address } = await this.stores.get(store);
    const id = this.#mailOf(about, event.data);
    const mail = { id, kind: EXCEPTION_MAIL, about, store, to: { name, address }, data: { order } };
    await this.outbox.queue(mail, following(event));
  }

  /** A merchant who cannot be reached by mail is not told so by mail: the queue shows it. */
  async #isInVain({ mail }: Opened): Promise<boolean> {
    if (!mail) return false;
    const { state } = await this.streams.load(mailAggregate, mail);
    return state.status !== 'none' && isForMerchant(state.mail);
  }

  /** Of money that came, as it always was: an overpayment that was mailed before there were exceptions is not mailed again. */
  #mailOf(id: ExceptionId, { kind, payment }: Opened): MailId {
    const isOfPayment = payment !== null && id === exceptionIdFor(this.ids, kind, payment);
    const isExcess = kind === 'overpaid' || kind === 'late_payment';
    if (isOfPayment && isExcess) return `mail_${this.ids.derive(`${payment}:overpayment`)}`;
    if (kind === 'capture_mismatch') return `mail_${this.ids.derive(`${payment}:capture_mismatch`)}`;
    return `mail_${this.ids.derive(`${id}:notice`)}`;
  }
}

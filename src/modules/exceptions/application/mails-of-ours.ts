import type { OrderId } from '../../../shared/domain/ids.js';
import type { QueuedMail } from '../../../shared/domain/mail.js';

/** Notices of exceptions; the other two are older ones, which are still in the log. */
export const EXCEPTION_MAIL = 'exception';
export const EARLIER_NOTICES = ['overpayment', 'capture_mismatch'] as const;

/** Whether it went to the store's notification address: a notice of ours, or news of the store's connection. */
export function isForMerchant({ kind, about }: Pick<QueuedMail, 'kind' | 'about'>): boolean {
  return (
    about.startsWith('exc_') || about.startsWith('store_') || EARLIER_NOTICES.some((one) => one === kind)
  );
}

/** The order that a mail is about, where it is about one. */
export function orderOf({ data }: Pick<QueuedMail, 'data'>): OrderId | null {
  const { order } = data;
  return typeof order === 'string' && order.startsWith('order_') ? (order as OrderId) : null;
}

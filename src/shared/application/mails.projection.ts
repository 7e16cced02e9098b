import { assertNever } from '../domain/assert-never.js';
import type { MailId, StoreId } from '../domain/ids.js';
import type { MailEvent } from '../domain/mail.js';
import type { Projection } from './projection.js';

/** Where a mail stands. Holds no address. */
export type MailRow = Readonly<{
  id: MailId;
  kind: string;
  about: string;
  store: StoreId;
  status: 'queued' | 'deferred' | 'sent' | 'failed';
  attempts: number;
  last_error: string | null;
  /** When it is tried next; null where it is not. */
  next_at: string | null;
  sent_at: string | null;
  message_id: string;
  created_at: string;
}>;

/** Every mail, by its id. The outbox finds unfinished ones here after a restart. */
export const mails: Projection<MailEvent, MailRow> = {
  name: 'mails',
  version: 1,
  indexes: ['about', 'status'],
  reads: ['MailQueued', 'MailSent', 'MailDeferred', 'MailFailed'],
  keys: ({ stream }) => [mailIdOf(stream)],
  project: (row, event) => {
    if (event.type === 'MailQueued') {
      const { kind, about, store, message_id } = event.data;
      const id = mailIdOf(event.stream);
      const untried = { attempts: 0, last_error: null, next_at: event.at, sent_at: null };
      return { id, kind, about, store, status: 'queued', ...untried, message_id, created_at: event.at };
    }
    if (!row) return null;
    const tried = { ...row, attempts: row.attempts + 1, next_at: null };
    switch (event.type) {
      case 'MailSent':
        return { ...tried, status: 'sent', sent_at: event.at };
      case 'MailDeferred':
        return { ...tried, status: 'deferred', last_error: event.data.error, next_at: event.data.next_at };
      case 'MailFailed':
        return { ...tried, status: 'failed', last_error: event.data.error };
      default:
        return assertNever(event);
    }
  },
};

export function mailIdOf(stream: string): MailId {
  return `mail_${stream.slice(stream.indexOf('-') + 1)}`;
}

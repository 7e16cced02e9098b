import { assertNever } from './assert-never.js';
import type { Decider } from './decider.js';
import type { StoreId } from './ids.js';

/** A mail as it was asked for: ids and what a person wrote. It is rendered anew each time it is sent. */
export type QueuedMail = Readonly<{
  /** Names the renderer. */
  kind: string;
  /** Id of what the mail is about. */
  about: string;
  store: StoreId;
  to: Readonly<{ name: string; address: string }>;
  /** `<…@…>`, the same over every attempt. */
  message_id: string;
  data: Readonly<Record<string, unknown>>;
}>;

export type MailEvent =
  | { type: 'MailQueued'; data: QueuedMail }
  | { type: 'MailSent'; data: Readonly<Record<never, never>> }
  /** Attempt number `attempt` (the first is 1) was in vain; the next is due at `next_at`. */
  | { type: 'MailDeferred'; data: Readonly<{ error: string; attempt: number; next_at: string }> }
  | { type: 'MailFailed'; data: Readonly<{ error: string }> };

export type MailCommand =
  | { type: 'QueueMail'; mail: QueuedMail }
  | { type: 'RecordSent' }
  /** Not taken now. `at` is when we learnt it. */
  | { type: 'RecordDeferral'; error: string; at: Date }
  /** Never to be taken. */
  | { type: 'RecordRejection'; error: string };

export type MailState =
  | Readonly<{ status: 'none' }>
  | Readonly<{ status: 'queued'; mail: QueuedMail; attempts: number }>
  | Readonly<{ status: 'deferred'; mail: QueuedMail; attempts: number; nextAt: string }>
  | Readonly<{ status: 'sent' | 'failed'; mail: QueuedMail; attempts: number }>;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The pauses after each attempt: nearly two days together. After the last one the mail has failed. */
export const PAUSES_MS: readonly number[] = [
  2 * SECOND,
  15 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
];

/** One mail to one person, sent at least once or given up with a reason. */
export const mailDecider: Decider<MailCommand, MailState, MailEvent> = {
  initial: { status: 'none' },
  decide(command, state) {
    if (command.type === 'QueueMail') {
      return state.status === 'none' ? [{ type: 'MailQueued', data: command.mail }] : [];
    }
    if (!isPending(state)) return [];
    switch (command.type) {
      case 'RecordSent':
        return [{ type: 'MailSent', data: {} }];
      case 'RecordRejection':
        return [{ type: 'MailFailed', data: { error: command.error } }];
      case 'RecordDeferral': {
        const { error, at } = command;
        const pause = PAUSES_MS[state.attempts];
        if (pause === undefined) return [{ type: 'MailFailed', data: { error } }];
        const next_at = new Date(at.getTime() + pause).toISOString();
        return [{ type: 'MailDeferred', data: { error, attempt: state.attempts + 1, next_at } }];
      }
      default:
        return assertNever(command);
    }
  },
  evolve(state, event) {
    if (event.type === 'MailQueued') return { status: 'queued', mail: event.data, attempts: 0 };
    if (state.status === 'none') return state;
    const { mail, attempts } = state;
    switch (event.type) {
      case 'MailSent':
        return { status: 'sent', mail, attempts: attempts + 1 };
      case 'MailFailed':
        return { status: 'failed', mail, attempts: attempts + 1 };
      case 'MailDeferred':
        return { status: 'deferred', mail, attempts: event.data.attempt, nextAt: event.data.next_at };
      default:
        return assertNever(event);
    }
  },
};

export type PendingMail = Extract<MailState, { status: 'queued' | 'deferred' }>;

/** Whether there is anything left to send. */
export function isPending(state: MailState): state is PendingMail {
  return state.status === 'queued' || state.status === 'deferred';
}

/** Mails as the log keeps them: stream `mail-{bare id}`. */
export const mailAggregate = { category: 'mail', decider: mailDecider } as const;

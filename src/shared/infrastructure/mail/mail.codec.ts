import { z } from 'zod';
import type { EventCodec } from '../../application/event-catalog.js';
import type { MailEvent } from '../../domain/mail.js';

type DataOf<T extends MailEvent['type']> = Extract<MailEvent, { type: T }>['data'];

function stored<T extends MailEvent['type']>(schema: z.ZodType<DataOf<T>>) {
  return { version: 1, parse: (data: unknown): DataOf<T> => schema.parse(data) };
}

/** Mail as the log keeps it. Stored shapes never change: a new one is a new version and an upcast. */
export const mailCodec: EventCodec<MailEvent> = {
  MailQueued: stored<'MailQueued'>(
    z.object({
      kind: z.string(),
      about: z.string(),
      store: z.templateLiteral(['store_', z.string()]),
      to: z.object({ name: z.string(), address: z.string() }),
      message_id: z.string(),
      data: z.record(z.string(), z.unknown()),
    }),
  ),
  MailSent: stored<'MailSent'>(z.object({})),
  MailDeferred: stored<'MailDeferred'>(
    z.object({ error: z.string(), attempt: z.int().positive(), next_at: z.iso.datetime() }),
  ),
  MailFailed: stored<'MailFailed'>(z.object({ error: z.string() })),
};

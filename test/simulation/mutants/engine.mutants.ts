import {
  AppendInDoubt,
  type NewEvent,
  RevisionConflict,
} from '../../../src/shared/application/ports/event-store.port.js';
import { mailDecider } from '../../../src/shared/domain/mail.js';
import { but, deciding, type Mutant } from './planting.js';

/** What can be got wrong in the log, the read model, the policies and the post. */
export const engineMutants: readonly Mutant[] = [
  {
    name: 'appends to an order whatever its revision',
    make: () => ({
      surgery: {
        eventStore: (store) =>
          but(store, {
            append: async (stream, expected, events) => {
              try {
                return await store.append(stream, expected, events);
              } catch (error) {
                if (!(error instanceof RevisionConflict) || !stream.startsWith('order-')) throw error;
                return store.append(stream, error.actual, events);
              }
            },
          }),
      },
    }),
  },
  {
    name: 'takes a conflict for success',
    make: () => ({
      surgery: {
        eventStore: (store) =>
          but(store, {
            append: async (stream, expected, events) => {
              try {
                return await store.append(stream, expected, events);
              } catch (error) {
                if (!(error instanceof RevisionConflict) || stream.startsWith('claim_')) throw error;
                return { revision: error.actual === 'no_stream' ? 0 : error.actual, position: 1 };
              }
            },
          }),
      },
    }),
  },
  {
    name: 'takes doubt for success',
    make: () => ({
      surgery: {
        eventStore: (store) =>
          but(store, {
            append: async (stream, expected, events) => {
              try {
                return await store.append(stream, expected, events);
              } catch (error) {
                if (!(error instanceof AppendInDoubt)) throw error;
                return ended(expected, events);
              }
            },
          }),
      },
    }),
  },
  {
    name: 'acknowledges before anything is written',
    make: () => ({
      surgery: {
        eventStore: (store) =>
          but(store, {
            append: async (stream, expected, events) => {
              store.append(stream, expected, events).catch(() => undefined);
              return ended(expected, events);
            },
          }),
      },
    }),
  },
  {
    name: 'makes something new at each call under one key',
    make: () => ({
      surgery: {
        idempotency: (idempotency) =>
          but(idempotency, {
            once: async (_call, makeId, work) => ({
              value: await work({ id: makeId(), isNew: true }),
              replayed: false,
            }),
          }),
      },
    }),
  },
  {
    name: 'moves the checkpoint before the rows',
    make: () => ({
      surgery: {
        readStore: (rows) =>
          but(rows, {
            commit: async (table, from, to, changes) => {
              const isMine = await rows.commit(table, from, to, []);
              if (isMine) rows.commit(table, to, to, changes).catch(() => undefined);
              return isMine;
            },
          }),
      },
    }),
  },
  {
    name: 'forgets that another has written the rows',
    make: () => ({
      surgery: {
        readStore: (rows) =>
          but(rows, {
            commit: async (table, from, to, changes) =>
              (await rows.commit(table, from, to, changes)) ||
              (await rows.commit(
                table,
                await rows.checkpoint(`${table.name}@${table.version}`),
                to,
                changes,
              )),
          }),
      },
    }),
  },
  {
    name: 'says it has acted before it has',
    make: () => ({
      surgery: {
        policy: (policy) =>
          but(policy, {
            on: async (event) => {
              policy.on(event).catch(() => undefined);
            },
          }),
      },
    }),
  },
  {
    name: 'steps over what it stumbles over',
    make: () => ({
      surgery: {
        policy: (policy) => but(policy, { on: (event) => policy.on(event).catch(() => undefined) }),
      },
    }),
  },
  {
    name: 'gives each attempt of a mail its own Message-ID',
    make: () => ({
      surgery: {
        mailer: (mailer, { ids }) =>
          but(mailer, {
            send: (mail) => mailer.send({ ...mail, messageId: `<${ids.next()}@quittance.test>` }),
          }),
      },
    }),
  },
  {
    name: 'gives a mail up at the first no',
    make: () =>
      deciding(mailDecider, (command, mail, decide) =>
        command.type === 'RecordDeferral'
          ? decide({ type: 'RecordRejection', error: command.error }, mail)
          : decide(command, mail),
      ),
  },
  {
    name: 'says that a mail is sent when nobody answered',
    make: () => ({
      surgery: {
        mailer: (mailer) => but(mailer, { send: (mail) => mailer.send(mail).catch(() => undefined) }),
      },
    }),
  },
  {
    name: 'sends no receipts',
    make: () => ({
      surgery: { policy: (policy) => (policy.name === 'mail-receipt-when-captured' ? null : policy) },
    }),
  },
];

function ended(expected: number | 'no_stream', events: readonly NewEvent[]) {
  return { revision: (expected === 'no_stream' ? -1 : expected) + events.length, position: 1 };
}

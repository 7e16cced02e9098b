import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryEventStore } from '../../src/shared/infrastructure/event-store/memory.event-store.js';
import { SqliteEventStore } from '../../src/shared/infrastructure/event-store/sqlite.event-store.js';
import { type EventStoreSubject, eventStoreContract } from './event-store.contract.js';

const memory: EventStoreSubject = {
  name: 'memory',
  open: async () => ({ store: new MemoryEventStore(), close: async () => undefined }),
};

const sqlite: EventStoreSubject = {
  name: 'SQLite',
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'log-'));
    let store = SqliteEventStore.open(join(folder, 'log.db'));
    return {
      store,
      restart: async () => {
        await store.close();
        store = SqliteEventStore.open(join(folder, 'log.db'));
        return store;
      },
      close: async () => {
        await store.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
};

for (const subject of [memory, sqlite]) eventStoreContract(subject);

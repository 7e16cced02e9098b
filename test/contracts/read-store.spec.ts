import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryReadStore } from '../../src/shared/infrastructure/read-store/memory.read-store.js';
import { SqliteReadStore } from '../../src/shared/infrastructure/read-store/sqlite.read-store.js';
import { type ReadStoreSubject, readStoreContract } from './read-store.contract.js';

const memory: ReadStoreSubject = {
  name: 'memory',
  open: async () => ({ store: new MemoryReadStore(), close: async () => undefined }),
};

const sqlite: ReadStoreSubject = {
  name: 'SQLite',
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'read-'));
    let store = SqliteReadStore.open(join(folder, 'read.db'));
    return {
      store,
      restart: async () => {
        store.close();
        store = SqliteReadStore.open(join(folder, 'read.db'));
        return store;
      },
      close: async () => {
        store.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
};

for (const subject of [memory, sqlite]) readStoreContract(subject);

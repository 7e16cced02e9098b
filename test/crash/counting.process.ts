import 'reflect-metadata';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { Streams } from '../../src/shared/application/streams.js';
import { Subscriptions } from '../../src/shared/application/subscriptions.js';
import { SystemClock } from '../../src/shared/infrastructure/clock/system.clock.js';
import { SqliteEventStore } from '../../src/shared/infrastructure/event-store/sqlite.event-store.js';
import { UuidIds } from '../../src/shared/infrastructure/ids/uuid.ids.js';
import { SqliteReadStore } from '../../src/shared/infrastructure/read-store/sqlite.read-store.js';
import { counter, counters, countersCatalog, someone } from '../support/counters.js';

/** Counts until it is killed, and tells every count as soon as it is acknowledged. */
const [folder = '', writers = '16'] = process.argv.slice(2);
const store = SqliteEventStore.open(join(folder, 'log.db'));
const rows = SqliteReadStore.open(join(folder, 'read.db'));
const clock = new SystemClock();
const streams = new Streams(store, countersCatalog(), clock, new UuidIds());
await new Subscriptions(store, rows, countersCatalog(), clock).addProjection(counters).start();

async function count(id: string): Promise<void> {
  for (;;) {
    const { revision } = await streams.handle(counter, id, 0.001, someone);
    writeSync(1, `${id} ${revision}\n`);
  }
}

writeSync(1, 'ready\n');
await Promise.all(Array.from({ length: Number(writers) }, (_, n) => count(`counter_${n}`)));

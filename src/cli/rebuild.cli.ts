import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EventCatalog } from '../shared/application/event-catalog.js';
import type { AnyProjection } from '../shared/application/projection-fold.js';
import { type Rebuilt, rebuild } from '../shared/application/rebuild.js';
import { Config } from '../shared/infrastructure/config/config.js';
import { SqliteEventStore } from '../shared/infrastructure/event-store/sqlite.event-store.js';
import { SqliteReadStore } from '../shared/infrastructure/read-store/sqlite.read-store.js';
import { everyEvent, everyProjection } from './readers.js';
import { refuseInWords } from './refuse-in-words.js';

/** Makes the read model of that folder anew from its log. A server that runs on it goes on with the new rows. */
export async function rebuildDataDir(
  dataDir: string,
  catalog: EventCatalog,
  projections: readonly AnyProjection[],
): Promise<readonly Rebuilt[]> {
  const store = SqliteEventStore.openForReading(join(dataDir, 'log.db'));
  const rows = SqliteReadStore.open(join(dataDir, 'read.db'));
  try {
    return await rebuild(store, catalog, rows, projections);
  } finally {
    rows.close();
    await store.close();
  }
}

/** What was rebuilt, as people read it: a digest that differs from the one before means that rows had been wrong. */
export function rebuiltInWords(rebuilt: readonly Rebuilt[]): string {
  const lines = rebuilt.map(({ name, version, digest, before }) => {
    const was = before === undefined ? 'was behind or new' : before === digest ? 'as before' : 'WAS WRONG';
    return `  ${`${name} ${version}`.padEnd(32)} ${digest.slice(0, 16)}  ${was}`;
  });
  return `Rebuilt ${rebuilt.length} projections up to event ${rebuilt[0]?.position ?? 0}:\n${lines.join('\n')}\n`;
}

/** `npm run rebuild [folder]`: exit code 1 where rows had been wrong. */
async function main(folder: string | undefined): Promise<void> {
  const rebuilt = await rebuildDataDir(folder ?? Config.read().dataDir, everyEvent(), everyProjection());
  process.stdout.write(rebuiltInWords(rebuilt));
  const wasWrong = rebuilt.some(({ digest, before }) => before !== undefined && before !== digest);
  process.exitCode = wasWrong ? 1 : 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(process.argv[2]).catch(refuseInWords);
}

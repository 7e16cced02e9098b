import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Verdict, verifyLog } from '../shared/application/verify.js';
import { Config } from '../shared/infrastructure/config/config.js';
import { expectedHash, GENESIS } from '../shared/infrastructure/event-store/hash-chain.js';
import { SqliteEventStore } from '../shared/infrastructure/event-store/sqlite.event-store.js';
import { refuseInWords } from './refuse-in-words.js';

/** Checks every event of the log in that folder. Disturbs no server that runs on it. */
export async function verifyDataDir(dataDir: string): Promise<Verdict> {
  const store = SqliteEventStore.openForReading(join(dataDir, 'log.db'));
  try {
    return await verifyLog(store, (event, previous) => expectedHash(event, previous ?? GENESIS));
  } finally {
    await store.close();
  }
}

/** A verdict as people read it. */
export function inWords(verdict: Verdict): string {
  const { events, streams } = verdict;
  if (verdict.intact) return `The log is intact: ${events} events in ${streams} streams.\n`;
  const { stream, revision, reason } = verdict.broken;
  return `The log is broken at event ${revision} of stream ${stream}.\n${reason}\n${events} events before it are intact.\n`;
}

/** `npm run verify [folder]`: exit code 1 where the log is broken. */
async function main(folder: string | undefined): Promise<void> {
  const verdict = await verifyDataDir(folder ?? Config.read().dataDir);
  process.stdout.write(inWords(verdict));
  process.exitCode = verdict.intact ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(process.argv[2]).catch(refuseInWords);
}

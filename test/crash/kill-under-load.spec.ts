import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { rebuildDataDir } from '../../src/cli/rebuild.cli.js';
import { inWords, verifyDataDir } from '../../src/cli/verify.cli.js';
import { START } from '../../src/shared/application/ports/event-store.port.js';
import { anyProjection } from '../../src/shared/application/projection-fold.js';
import { digestOf } from '../../src/shared/application/rebuild.js';
import { Subscriptions } from '../../src/shared/application/subscriptions.js';
import { SystemClock } from '../../src/shared/infrastructure/clock/system.clock.js';
import { SqliteEventStore } from '../../src/shared/infrastructure/event-store/sqlite.event-store.js';
import { SqliteReadStore } from '../../src/shared/infrastructure/read-store/sqlite.read-store.js';
import { counters, countersCatalog } from '../support/counters.js';

const KILLS = 20;
const hook = join(import.meta.dirname, '../support/run-typescript.mjs');
const program = join(import.meta.dirname, 'counting.process.ts');

/** Appends that are acknowledged before the plug is pulled, however slow the machine. */
const ACKS = 12;

/** Runs the program on the folder for a moment, then pulls the plug. Answers what it had acknowledged. */
async function runAndKill(folder: string, ms: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, ['--import', hook, program, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.on('data', (chunk) => {
    const before = linesOf(told);
    told += chunk;
    if (before <= ACKS && linesOf(told) > ACKS) setTimeout(() => child.kill('SIGKILL'), ms);
  });
  await once(child, 'close');
  return told.split('\n').slice(1, -1);
}

function linesOf(told: string): number {
  return told.split('\n').length - 1;
}

async function highest(folder: string): Promise<ReadonlyMap<string, number>> {
  const store = SqliteEventStore.openForReading(join(folder, 'log.db'));
  const ends = new Map<string, number>();
  for (let events = await store.readAll(START, 5_000); events.length > 0; ) {
    for (const { stream, revision } of events) ends.set(stream.replace('-', '_'), revision);
    events = await store.readAll(events.at(-1)?.position ?? START, 5_000);
  }
  await store.close();
  return ends;
}

test(`${KILLS} kills under load: all that was acknowledged is there, and rows are what the log says`, async () => {
  const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'kill-')));
  const acknowledged = await Promise.all(
    folders.map(async (folder, which) => {
      let count = 0;
      for (let kill = 0; kill < KILLS / folders.length; kill++) {
        const acks = await runAndKill(folder, 10 + ((kill * 37 + which * 13) % 70));
        count += acks.length;
        const ends = await highest(folder);
        for (const ack of acks) {
          const [stream = '', revision] = ack.split(' ');
          expect(ends.get(stream) ?? -1).toBeGreaterThanOrEqual(Number(revision));
        }
      }
      return count;
    }),
  );
  expect(Math.min(...acknowledged)).toBeGreaterThanOrEqual((ACKS * KILLS) / folders.length);

  for (const folder of folders) {
    expect(inWords(await verifyDataDir(folder))).toContain('The log is intact');
    const store = SqliteEventStore.open(join(folder, 'log.db'));
    const rows = SqliteReadStore.open(join(folder, 'read.db'));
    const readers = new Subscriptions(store, rows, countersCatalog(), new SystemClock()).addProjection(
      counters,
    );
    await readers.start();
    expect(await readers.waitFor(await store.head(), 5_000)).toBe(true);
    await readers.stop();
    const live = await digestOf(rows, counters);
    await store.close();
    rows.close();
    const [rebuilt] = await rebuildDataDir(folder, countersCatalog(), [anyProjection(counters)]);
    expect(rebuilt).toMatchObject({ digest: live, before: live });
    rmSync(folder, { recursive: true });
  }
}, 180_000);

import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { verifyDataDir } from '../../src/cli/verify.cli.js';
import { seededRandom } from '../../src/sandbox/stripe/engine/ids.js';
import {
  LogDamaged,
  type RecordedEvent,
  START,
} from '../../src/shared/application/ports/event-store.port.js';
import { SqliteEventStore } from '../../src/shared/infrastructure/event-store/sqlite.event-store.js';
import { SqliteRefused } from '../../src/shared/infrastructure/sqlite/sqlite-file.js';
import { event } from '../contracts/event-store.contract.js';
import { LogOnDisk } from './a-log-on-disk.js';

/** `DAMAGES=20000 npm test -- damaged-log` goes on for longer. */
const DAMAGES = Number(process.env['DAMAGES'] ?? 300);
const PATIENCE_MS = 60_000 + DAMAGES * 200;

const draws = (seed: number) => {
  const random = seededRandom(seed);
  return (below: number) => Math.floor(random() * below);
};

const text = (events: readonly RecordedEvent[]) => JSON.stringify(events);

type Tear = Readonly<{ name: string; from: number; bytes: Buffer }>;

/** What a power cut may leave of the write-ahead file: `from` is its first byte that is not what was written. */
function tear(wal: Buffer, below: (most: number) => number): Tear {
  const from = below(wal.length);
  const kept = wal.subarray(0, from);
  const noise = Buffer.from(Array.from({ length: 1 + below(9_000) }, () => below(256)));
  const tails: readonly (readonly [string, Buffer])[] = [
    ['is cut off', Buffer.alloc(0)],
    ['is zeroes', Buffer.alloc(wal.length - from)],
    ['is noise', noise],
    ['is an older part of the file', Buffer.from(wal.subarray(below(from + 1), from))],
    [
      'lost one sector',
      Buffer.concat([Buffer.alloc(Math.min(512, wal.length - from)), wal.subarray(from + 512)]),
    ],
  ];
  const [name = '', tail = Buffer.alloc(0)] = tails[below(tails.length)] ?? [];
  return { name, from, bytes: Buffer.concat([kept, tail]) };
}

test(
  `${DAMAGES} torn ends of the write-ahead file: what was durable before the tear is there, whole, and the log goes on`,
  async () => {
    const below = draws(1);
    const log = await LogOnDisk.open();
    for (let n = 0; n < 60; n++) await log.commit(1 + (n % 4));
    const original = await log.events();
    const wal = log.bytesOf('log.db-wal');
    const wrong: string[] = [];
    for (let n = 0; n < DAMAGES; n++) {
      const { name, from, bytes } = tear(wal, below);
      const at = `the end from byte ${from} ${name}`;
      const folder = log.damaged('log.db-wal', bytes);
      const durable = log.durable.findLast(({ walBytes }) => walBytes <= from)?.events ?? 0;
      const store = SqliteEventStore.open(join(folder, 'log.db'));
      const found = await store.readAll(START, 100_000);
      const isWhole = found.length === 0 || log.durable.some(({ events }) => events === found.length);
      if (found.length < durable) wrong.push(`${at}: ${found.length} of ${durable} durable events`);
      if (!isWhole) wrong.push(`${at}: ${found.length} events are half of a transaction`);
      if (text(found) !== text(original.slice(0, found.length))) wrong.push(`${at}: other events`);
      const revision = found.findLast(({ stream }) => stream === 's-0')?.revision ?? 'no_stream';
      await store.append('s-0', revision, [event('later')]);
      await store.close();
      if (!(await verifyDataDir(folder)).intact) wrong.push(`${at}: the log that went on is broken`);
    }
    expect(wrong).toEqual([]);
    await log.remove();
  },
  PATIENCE_MS,
);

/** What a reader gets of every stream and of the whole, or the names of what is damaged. */
async function readEverything(folder: string, streams: readonly string[]) {
  const store = SqliteEventStore.openForReading(join(folder, 'log.db'));
  const read = async (what: Promise<readonly RecordedEvent[]>) =>
    what.catch((error: unknown) => {
      if (!(error instanceof LogDamaged)) throw error;
      return undefined;
    });
  try {
    const all = await read(store.readAll(START, 100_000));
    const each = new Map<string, readonly RecordedEvent[] | undefined>();
    for (const stream of streams) each.set(stream, await read(store.read(stream)));
    return { all, each };
  } finally {
    await store.close();
  }
}

test(
  `${DAMAGES} flipped bits: a changed event is named by verify and by whoever reads it, and the rest is what was written`,
  async () => {
    const below = draws(2);
    const log = await LogOnDisk.open();
    for (let n = 0; n < 60; n++) await log.commit(1 + (n % 4));
    const original = await log.events();
    await log.store.close();
    const pages = log.bytesOf('log.db');
    const streams = [...new Set(original.map(({ stream }) => stream))];
    const written = new Map(
      streams.map((name) => [name, text(original.filter(({ stream }) => stream === name))]),
    );
    const wrong: string[] = [];
    let named = 0;
    for (let n = 0; n < DAMAGES; n++) {
      const [at, bit] = [below(pages.length), below(8)];
      const copy = Buffer.from(pages);
      copy.writeUInt8(copy.readUInt8(at) ^ (1 << bit), at);
      const folder = log.damaged('log.db', copy);
      const flip = `bit ${bit} of byte ${at}`;
      try {
        const verdict = await verifyDataDir(folder);
        const { all, each } = await readEverything(folder, streams);
        if (!verdict.intact) named += 1;
        if (verdict.intact && all && text(all) !== text(original)) wrong.push(`${flip}: nobody noticed`);
        for (const [stream, events] of each) {
          if (events && text(events) !== written.get(stream))
            wrong.push(`${flip}: ${stream} reads otherwise`);
          if (!events && verdict.intact)
            wrong.push(`${flip}: ${stream} is damaged, and verify says it is not`);
        }
      } catch (error) {
        // A file whose header or schema is damaged is not opened at all, and is named.
        if (!(error instanceof SqliteRefused)) wrong.push(`${flip}: ${error}`);
        named += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(named).toBeGreaterThan(DAMAGES / 3);
    await log.remove();
  },
  PATIENCE_MS,
);

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { event } from '../../test/contracts/event-store.contract.js';
import { LogDamaged, type RecordedEvent, START } from '../shared/application/ports/event-store.port.js';
import { verifyLog } from '../shared/application/verify.js';
import { expectedHash, GENESIS } from '../shared/infrastructure/event-store/hash-chain.js';
import { SqliteEventStore } from '../shared/infrastructure/event-store/sqlite.event-store.js';
import { inWords, verifyDataDir } from './verify.cli.js';

const FLIPS = 300;

describe('the check of a whole log', () => {
  let whole: string;
  let folder: string;
  let written: readonly RecordedEvent[];
  beforeAll(async () => {
    whole = mkdtempSync(join(tmpdir(), 'whole-'));
    folder = mkdtempSync(join(tmpdir(), 'verify-'));
    const store = SqliteEventStore.open(join(whole, 'log.db'));
    for (let n = 0; n < 120; n++) {
      const text = { amount: n * 100, text: `order ${n} of many`, list: [n, n + 1] };
      await store.append(`order-${n % 12}`, n < 12 ? 'no_stream' : Math.floor(n / 12) - 1, [
        event(`e${n}`, text),
      ]);
    }
    written = await store.readAll(START, 1_000);
    await store.close();
  });
  afterAll(() => {
    for (const each of [whole, folder]) rmSync(each, { recursive: true });
  });
  const log = () => join(folder, 'log.db');
  const tamper = (sql: string) => {
    copyFileSync(join(whole, 'log.db'), log());
    const db = new DatabaseSync(log());
    db.exec(`DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_deleted; ${sql}`);
    db.close();
  };

  test('finds nothing in a log as it was written', async () => {
    const verdict = await verifyDataDir(whole);
    expect(verdict).toMatchObject({ intact: true, events: 120, streams: 12, position: 120 });
    expect(inWords(verdict)).toBe('The log is intact: 120 events in 12 streams.\n');
  });

  test('takes what a server writes meanwhile for no damage', async () => {
    copyFileSync(join(whole, 'log.db'), log());
    const server = SqliteEventStore.open(log());
    const read = server.read.bind(server);
    server.read = async (stream) => {
      await server.append(stream, (await read(stream)).length - 1, [event(`late-${stream}`)]);
      return read(stream);
    };
    const verdict = await verifyLog(server, (told, previous) => expectedHash(told, previous ?? GENESIS));
    await server.close();
    expect(verdict).toMatchObject({ intact: true, events: 120, streams: 12 });
    expect(await verifyDataDir(folder)).toMatchObject({ intact: true, events: 132 });
  });

  test.each<[string, string, string]>([
    [
      'a changed amount',
      `UPDATE events SET data = replace(data, '5000', '9000') WHERE position = 51`,
      'event 4 of stream order-2',
    ],
    [
      'a changed name',
      `UPDATE events SET metadata = '{"actor_kind":"person"}' WHERE position = 51`,
      'event 4 of stream order-2',
    ],
    [
      'an event moved to another stream',
      `UPDATE events SET stream = 'order-99' WHERE position = 51`,
      'event 4 of stream order-99',
    ],
    ['a missing event', 'DELETE FROM events WHERE position = 51', 'event 4 of stream order-2'],
    ['a missing first event', 'DELETE FROM events WHERE position = 3', 'event 0 of stream order-2'],
    [
      'a missing hash',
      `UPDATE events SET hash = zeroblob(32) WHERE position = 51`,
      'event 4 of stream order-2',
    ],
  ])('names %s', async (_, sql, at) => {
    tamper(sql);
    const verdict = await verifyDataDir(folder);
    expect(verdict.intact).toBe(false);
    expect(inWords(verdict)).toContain(`The log is broken at ${at}`);
  });

  test('names the event after one that was forged with its hash', async () => {
    const forged = written[50];
    if (!forged) throw new Error('it was written');
    tamper(
      `UPDATE events SET previous_hash = (SELECT hash FROM events WHERE position = 38) WHERE position = 63`,
    );
    expect(inWords(await verifyDataDir(folder))).toContain('event 5 of stream order-2');
  });

  test(`lets no changed event pass in ${FLIPS} flips of one bit`, async () => {
    const bytes = readFileSync(join(whole, 'log.db'));
    let noticed = 0;
    for (let flip = 0; flip < FLIPS; flip++) {
      const bit = (flip * 2_654_435_761) % (bytes.length * 8);
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      writeFileSync(log(), changed);
      if (!(await isIntact(folder))) {
        noticed++;
        continue;
      }
      const store = SqliteEventStore.openForReading(log());
      expect(await store.readAll(START, 1_000)).toEqual(written);
      for (let n = 0; n < 12; n++) {
        expect(await store.read(`order-${n}`)).toEqual(
          written.filter(({ stream }) => stream === `order-${n}`),
        );
      }
      await store.close();
    }
    expect(noticed).toBeGreaterThan(FLIPS / 4);
  }, 20_000);

  test('stops a reader at a damaged event, and lets it read the streams that are whole', async () => {
    tamper(`UPDATE events SET data = replace(data, '5000', '9000') WHERE position = 51`);
    const store = SqliteEventStore.openForReading(log());
    await expect(store.read('order-2')).rejects.toThrow(LogDamaged);
    await expect(store.read('order-2')).rejects.toMatchObject({ stream: 'order-2', revision: 4 });
    expect(await store.read('order-3')).toHaveLength(10);
    await store.close();
  });
});

/** A file that SQLite will not even open is noticed too. */
async function isIntact(folder: string): Promise<boolean> {
  try {
    return (await verifyDataDir(folder)).intact;
  } catch {
    return false;
  }
}

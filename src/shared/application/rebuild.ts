import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import type { DomainEvent, EventCatalog } from './event-catalog.js';
import { type EventStore, type Position, START } from './ports/event-store.port.js';
import type { ReadStore, TableName } from './ports/read-store.port.js';
import type { Told } from './projection.js';
import { type AnyProjection, ProjectionFold } from './projection-fold.js';

const BATCH = 1_000;

export type Rebuilt = Readonly<{
  name: string;
  version: number;
  /** Up to here it has seen the log. */
  position: Position;
  digest: string;
  /** Of the rows that stood before, where they had seen the log up to the same place; equal unless rows were lost. */
  before: string | undefined;
}>;

/**
 * Folds the whole log anew and puts the rows in place of those that stand, projection by projection. Readers see
 * the old rows until the new ones are there, and a running server goes on from them.
 * @throws EventUnreadable, LogDamaged, or what a projection throws: then nothing was replaced
 */
export async function rebuild(
  store: EventStore,
  catalog: EventCatalog,
  rows: ReadStore,
  projections: readonly AnyProjection[],
): Promise<readonly Rebuilt[]> {
  const { folds, position } = await foldLog(store, catalog, projections);
  const rebuilt: Rebuilt[] = [];
  for (const [projection, fold] of folds) {
    const { name, version } = projection;
    const stood = await rows.checkpoint(`${name}@${version}`);
    const before = stood === position ? await digestOf(rows, projection) : undefined;
    await rows.replace(projection, position, fold.rows());
    rebuilt.push({ name, version, position, digest: await digestOf(rows, projection), before });
  }
  return rebuilt;
}

/** Every projection over the whole log, in memory and in one pass. */
export async function foldLog(
  store: EventStore,
  catalog: EventCatalog,
  projections: readonly AnyProjection[],
): Promise<Readonly<{ folds: ReadonlyMap<AnyProjection, ProjectionFold>; position: Position }>> {
  const folds = new Map(projections.map((projection) => [projection, new ProjectionFold(projection)]));
  const readers = new Map<string, [AnyProjection, ProjectionFold][]>();
  for (const [projection, fold] of folds) {
    for (const type of projection.reads)
      readers.set(type, [...(readers.get(type) ?? []), [projection, fold]]);
  }
  let position: Position = START;
  for (let events = await store.readAll(START, BATCH); events.length > 0; ) {
    for (const event of events) {
      const reading = readers.get(event.type);
      const told = reading && catalog.decode<Told<DomainEvent>>(event);
      for (const [projection, fold] of reading ?? []) {
        if (told) fold.apply(told, projection.keys(told));
      }
      position = event.position;
    }
    events = await store.readAll(position, BATCH);
  }
  return { folds, position };
}

/** SHA-256 over all rows in key order: the same for two read models that say the same. */
export async function digestOf(rows: ReadStore, table: TableName): Promise<string> {
  const hash = createHash('sha256');
  for await (const { key, row } of rows.scan(table)) hash.update(`${canonicalJson([key, row])}\n`);
  return hash.digest('hex');
}

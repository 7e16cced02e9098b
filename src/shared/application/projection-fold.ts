import type { DomainEvent } from './event-catalog.js';
import type { Row, RowChange } from './ports/read-store.port.js';
import type { Projection, Told } from './projection.js';

export type AnyProjection = Projection<DomainEvent, Row>;

/** A projection whose own types do not matter here. */
export function anyProjection<E extends DomainEvent, R extends Row>(p: Projection<E, R>): AnyProjection {
  return p as unknown as AnyProjection;
}

/** Rows of one projection while events are folded onto them. `null` is a row that was removed. */
export class ProjectionFold {
  private readonly now: Map<string, Row | null>;

  constructor(
    private readonly projection: AnyProjection,
    private readonly before: ReadonlyMap<string, Row> = new Map(),
  ) {
    this.now = new Map(before);
  }

  /** All of an event or, where the projection throws, none of it. */
  apply(event: Told<DomainEvent>, keys: readonly string[]): void {
    const after = keys.map((key): [string, Row | null] => [
      key,
      this.projection.project(this.now.get(key) ?? undefined, event, key),
    ]);
    for (const [key, row] of after) this.now.set(key, row);
  }

  /** What differs from before. */
  changes(): readonly RowChange[] {
    const changes: RowChange[] = [];
    for (const [key, row] of this.now) {
      const before = this.before.get(key);
      if (row !== (before ?? null)) changes.push({ key, row });
    }
    return changes;
  }

  /** All rows, in key order. */
  *rows(): Iterable<Readonly<{ key: string; row: Row }>> {
    for (const key of [...this.now.keys()].sort()) {
      const row = this.now.get(key);
      if (row) yield { key, row };
    }
  }
}

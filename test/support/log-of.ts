import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RunningApp } from './running-app.js';

export type Logged = Readonly<{ stream: string; type: string; data: Readonly<Record<string, unknown>> }>;

/** What the log of a running product holds of some types, oldest first: read beside it, as an auditor would. */
export function logged(app: RunningApp, ...types: readonly string[]): readonly Logged[] {
  const wanted = types.map(() => '?').join(', ');
  const query = `SELECT stream, type, data FROM events WHERE type IN (${wanted}) ORDER BY position`;
  const rows = read(app, query, ...types) as { stream: string; type: string; data: string }[];
  return rows.map(({ data, ...row }) => ({ ...row, data: JSON.parse(data) as Logged['data'] }));
}

/** The position of the last event in it. */
export function headOf(app: RunningApp): number {
  const [row] = read(app, 'SELECT max(position) AS head FROM events') as { head: number | null }[];
  return row?.head ?? 0;
}

function read({ dataDir }: RunningApp, query: string, ...values: readonly string[]): unknown[] {
  const log = new DatabaseSync(join(dataDir, 'log.db'), { readOnly: true });
  try {
    return log.prepare(query).all(...values);
  } finally {
    log.close();
  }
}

/** How often each event of a Stripe account was stored, by Stripe's id of it. */
export function storedEvents(app: RunningApp, store: string): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { data } of logged(app, 'StripeEventReceived')) {
    if (data['store'] !== store) continue;
    const id = String(data['event']);
    times.set(id, (times.get(id) ?? 0) + 1);
  }
  return times;
}

/** Why events of a store were not acted on, by their type. */
export function ignoredEvents(app: RunningApp, store: string): Readonly<Record<string, string>> {
  const types = new Map(
    logged(app, 'StripeEventReceived')
      .filter(({ data }) => data['store'] === store)
      .map(({ stream, data }) => [stream, String(data['type'])]),
  );
  const ignored = logged(app, 'StripeEventIgnored').flatMap(({ stream, data }) => {
    const type = types.get(stream);
    return type === undefined ? [] : [[type, String(data['why'])] as const];
  });
  return Object.fromEntries(ignored);
}

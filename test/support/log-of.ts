import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RunningApp } from './running-app.js';

export type Logged = Readonly<{ stream: string; type: string; data: Readonly<Record<string, unknown>> }>;

/** What the log of a running product holds of some types, oldest first: read beside it, as an auditor would. */
export function logged({ dataDir }: RunningApp, ...types: readonly string[]): readonly Logged[] {
  const log = new DatabaseSync(join(dataDir, 'log.db'), { readOnly: true });
  try {
    const wanted = types.map(() => '?').join(', ');
    const rows = log
      .prepare(`SELECT stream, type, data FROM events WHERE type IN (${wanted}) ORDER BY position`)
      .all(...types) as { stream: string; type: string; data: string }[];
    return rows.map(({ data, ...row }) => ({ ...row, data: JSON.parse(data) as Logged['data'] }));
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

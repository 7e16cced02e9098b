import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../shared/application/canonical-json.js';
import type { Comparison } from '../domain/comparison.js';
import type { Asked, Outcome } from '../domain/reconciliation.events.js';

/** An event holds so many differences; how many there are is told all the same. */
const KEPT = 200;

/** A comparison as it is stored, with the hash by which anybody can tell that it is the same. */
export function toOutcome(asked: Asked, comparison: Comparison): Outcome {
  const { totals, balances, matched, differences } = comparison;
  const [main] = totals;
  const told = {
    currency: main?.currency ?? null,
    ledger_total: main?.ledger_total ?? 0,
    stripe_total: main?.stripe_total ?? 0,
    totals,
    balances,
    matched,
    difference_count: differences.length,
    unexplained_count: differences.filter(({ explanation }) => explanation === null).length,
    differences: differences.slice(0, KEPT),
  };
  const { store, livemode, from, to } = asked;
  return { ...told, digest: digestOf({ store, livemode, from, to, ...told }) };
}

function digestOf(told: object): string {
  return createHash('sha256').update(canonicalJson(told)).digest('hex');
}

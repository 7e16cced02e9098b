import type { Books } from '../engine/books.js';
import { listOf } from '../objects/shared.js';
import { invalid } from './errors.js';

const deepest = 4;
/** Fields that hold the id of another object. */
const links: ReadonlySet<string> = new Set([
  'balance_transaction',
  'charge',
  'customer',
  'default_payment_method',
  'failure_balance_transaction',
  'latest_charge',
  'payment_intent',
  'payment_method',
  'setup_intent',
  'source',
]);

type Plain = Readonly<Record<string, unknown>>;
type Tree = Map<string, Tree>;

/** The answer with ids replaced by what they stand for. Only copies are changed. */
export function expand(books: Books, account: string, answer: object, paths: readonly string[]): object {
  if (paths.length === 0) return answer;
  const tree: Tree = new Map();
  for (const path of paths) plant(tree, path);
  return grow(books, account, answer as Plain, tree, '');
}

function plant(tree: Tree, path: string): void {
  const steps = path.split('.');
  if (steps.filter((step) => step !== 'data').length > deepest) {
    throw invalid(`You cannot expand more than ${deepest} levels of a property: ${path}`, 'expand');
  }
  for (const step of steps) {
    const next: Tree = tree.get(step) ?? new Map();
    tree.set(step, next);
    tree = next;
  }
}

function grow(books: Books, account: string, object: Plain, tree: Tree, under: string): Plain {
  const grown: Record<string, unknown> = { ...object };
  for (const [step, inner] of tree) {
    const path = under === '' ? step : `${under}.${step}`;
    grown[step] = fill(books, account, object, step, inner, path);
  }
  return grown;
}

function fill(
  books: Books,
  account: string,
  object: Plain,
  step: string,
  inner: Tree,
  path: string,
): unknown {
  const value = object[step] ?? hidden(books, account, object, step);
  const into = (found: unknown) => (isPlain(found) ? grow(books, account, found, inner, path) : found);
  if (Array.isArray(value)) return value.map(into);
  if (isPlain(value)) return into(value);
  if (!links.has(step) || !(step in object) || (object['object'] === 'charge' && step === 'payment_method')) {
    throw invalid(`This property cannot be expanded (${path}).`, 'expand');
  }
  return typeof value === 'string' ? into(find(books, account, value) ?? value) : null;
}

/** Lists that are left out unless they are asked for. */
function hidden(books: Books, account: string, object: Plain, step: string): unknown {
  const id = String(object['id']);
  if (step === 'line_items' && object['object'] === 'checkout.session') {
    return listOf(
      books.sessions.get(account, id)?.note.lineItems ?? [],
      `/v1/checkout/sessions/${id}/line_items`,
    );
  }
  if (step === 'refunds' && object['object'] === 'charge') {
    const refunds = [...books.refunds.walk(account, undefined, -1)].filter(
      ({ object: { charge } }) => charge === id,
    );
    return listOf(
      refunds.slice(0, 10).map(({ object: refund }) => refund),
      `/v1/charges/${id}/refunds`,
      refunds.length > 10,
    );
  }
  return undefined;
}

function find(books: Books, account: string, id: string): unknown {
  const [prefix] = id.split('_', 1);
  const tables: Record<string, { get(account: string, id: string): { object: object } | undefined }> = {
    ch: books.charges,
    cs: books.sessions,
    cus: books.customers,
    du: books.disputes,
    issfr: books.fraudWarnings,
    pi: books.paymentIntents,
    pm: books.paymentMethods,
    po: books.payouts,
    re: books.refunds,
    seti: books.setupIntents,
    txn: books.balanceTransactions,
  };
  return tables[prefix ?? '']?.get(account, id)?.object;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Ajv, type ValidateFunction } from 'ajv';

type Schema = Readonly<{
  $ref?: string;
  anyOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  items?: Schema;
  'x-expansionResources'?: unknown;
}>;
type SchemaFile = Schema &
  Readonly<{ 'x-generated-from': string; roots: Record<string, Schema>; $defs: Record<string, Schema> }>;

const file = join(import.meta.dirname, '../contracts/stripe/stripe-node-23.1.0.types.schema.json.gz');
const schema = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as SchemaFile;

/** What the schema was made from: `stripe@23.1.0 (MIT) type declarations, API 2026-10-28.endive`. */
export const schemaOrigin = schema['x-generated-from'];

const fixtures = JSON.parse(
  gunzipSync(
    readFileSync(
      join(import.meta.dirname, '../contracts/stripe/openapi.fixtures3.2026-07-29.dahlia.json.gz'),
    ),
  ).toString('utf8'),
) as { resources: Readonly<Record<string, object>> };

/** Fields of Stripe's own sample of an object that this object lacks. */
export function missingFromFixture(object: Readonly<{ object: string }>): string[] {
  return Object.keys(fixtures.resources[object.object] ?? {}).filter((key) => !(key in object));
}

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, inlineRefs: false });
ajv.addSchema(schema, 'stripe');
const compiled = new Map<string, ValidateFunction>();

/** Which root of the schema describes an object, by its own `object` field. */
const kinds: Readonly<Record<string, string>> = {
  account: 'account',
  balance: 'balance',
  balance_transaction: 'balance_transaction',
  charge: 'charge',
  'checkout.session': 'checkout_session',
  confirmation_token: 'confirmation_token',
  customer: 'customer',
  dispute: 'dispute',
  event: 'event',
  item: 'line_item',
  payment_intent: 'payment_intent',
  payment_method: 'payment_method',
  payout: 'payout',
  refund: 'refund',
  setup_intent: 'setup_intent',
  webhook_endpoint: 'webhook_endpoint',
};

/**
 * The object is what Stripe's own types say: every required field, no field that they do not know, the literal
 * lists kept, and links as ids unless `expanded` names them.
 */
export function assertStripeObject(kind: string, object: unknown, expanded: readonly string[] = []): void {
  const faults = [
    ...schemaFaults(kind, object),
    ...unknownKeys(schema.roots[kind], object, ''),
    ...expansions(object, expanded, ''),
    ...broken(object, ''),
  ];
  if (faults.length > 0) throw new Error(`not a ${kind} of Stripe's:\n${faults.slice(0, 12).join('\n')}`);
}

/** An object of any kind; lists and events are looked into. */
export function assertAnyStripeObject(object: unknown, expanded: readonly string[] = []): void {
  if (!isPlain(object)) throw new Error('not an object');
  if (object['object'] === 'list' && Array.isArray(object['data'])) {
    for (const each of object['data']) assertAnyStripeObject(each, expanded);
    return;
  }
  const name = String(object['object']);
  const kind = kinds[name];
  if (name in withoutSchema) {
    assertLikeSample(name, object);
    return;
  }
  if (kind === undefined) throw new Error(`no schema for an object of kind ${name}`);
  assertStripeObject(object['deleted'] === true ? `deleted_${kind}` : kind, object, expanded);
  if (name === 'event') assertEventData(object);
}

/** What the schema leaves out, with the fields that are younger than Stripe's own sample of it. */
const withoutSchema: Readonly<Record<string, object>> = {
  'radar.early_fraud_warning': { payment_intent: 'pi_1' },
};

function assertLikeSample(name: string, object: Plain): void {
  const sample: Plain = { ...fixtures.resources[name], ...withoutSchema[name] };
  const keys = new Set([...Object.keys(sample), ...Object.keys(object)]);
  const faults = [...keys].filter((key) => typeof sample[key] !== typeof object[key]);
  if (faults.length > 0) throw new Error(`not a ${name} of Stripe's: ${faults.join(', ')}`);
}

function assertEventData(event: Plain): void {
  const data = event['data'];
  const subject = isPlain(data) ? data['object'] : undefined;
  if (isPlain(subject) && subject['object'] !== 'application') assertAnyStripeObject(subject);
}

/** The parameters are what Stripe's own types allow; an unknown one is a fault. */
export function assertStripeParams(name: string, params: unknown): void {
  const faults = schemaFaults(`Params.${name}`, params);
  if (faults.length > 0) throw new Error(`not parameters of ${name}:\n${faults.slice(0, 12).join('\n')}`);
}

function schemaFaults(root: string, value: unknown): string[] {
  const validate = compiled.get(root) ?? ajv.compile({ $ref: `stripe#/roots/${root}` });
  compiled.set(root, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

type Plain = Readonly<Record<string, unknown>>;

/** Replies may grow by the schema; ours may not: what the types do not know, the sandbox does not send. */
function unknownKeys(of: Schema | undefined, value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    const items = branches(of)
      .map(({ items }) => items)
      .find(Boolean);
    return value.flatMap((each, at) => unknownKeys(items, each, `${path}/${at}`));
  }
  if (!isPlain(value)) return [];
  // An object without any property of its own is a map, such as metadata.
  const shapes = branches(of).filter(({ properties = {} }) => Object.keys(properties).length > 0);
  if (shapes.length === 0) return [];
  const fitting = shapes.map((shape) => keyFaults(shape.properties ?? {}, value, path));
  return fitting.sort((a, b) => a.length - b.length)[0] ?? [];
}

function keyFaults(properties: Readonly<Record<string, Schema>>, value: Plain, path: string): string[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const known = properties[key];
    return known ? unknownKeys(known, inner, `${path}/${key}`) : [`${path}/${key} is unknown to the types`];
  });
}

function branches(of: Schema | undefined): Schema[] {
  if (!of) return [];
  if (of.$ref !== undefined) return branches(schema.$defs[of.$ref.replace('#/$defs/', '')]);
  return of.anyOf ? of.anyOf.flatMap(branches) : [of];
}

const links: ReadonlySet<string> = new Set([
  'balance_transaction',
  'charge',
  'customer',
  'failure_balance_transaction',
  'latest_charge',
  'payment_intent',
  'payment_method',
  'setup_intent',
  'source',
]);

/** The types say number; Stripe sends whole ones only, in everything we use. */
function broken(value: unknown, path: string): string[] {
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? [] : [`${path} is no integer: ${value}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => broken(inner, `${path}/${key}`));
}

/** An id where nobody asked for more: both would pass the types. Errors carry whole objects and are left alone. */
function expansions(value: unknown, expanded: readonly string[], path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => expansions(each, expanded, path));
  if (!isPlain(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key.startsWith('last_') || key === 'data') return [];
    const at = path === '' ? key : `${path}.${key}`;
    const asked = expanded.some((each) => each === at || each.startsWith(`${at}.`));
    if (links.has(key) && isPlain(inner) && !asked) return [`/${at} is expanded though nobody asked`];
    return expansions(inner, expanded, at);
  });
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

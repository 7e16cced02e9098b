import { z } from 'zod';
import { isCurrency } from '../payments/currencies.js';
import { type ApiError, invalid } from './errors.js';
import type { Form, FormValue } from './form.js';

/** Values as they come in forms: everything is text, and an empty text unsets. */
export const text = z.string().max(5000);
export const integer = z
  .string()
  .regex(/^-?\d{1,15}$/, { error: 'integer' })
  .transform(Number);
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
export const currency = z
  .string()
  .transform((value) => value.toLowerCase())
  .refine(isCurrency, { error: 'currency' });
export const url = z.url({ protocol: /^https?$/, error: 'url' });
export const email = z
  .string()
  .max(512)
  .regex(/^[^\s@]+@[^\s@]+$/, { error: 'email' });

/** `''` becomes null: how Stripe's parameters are unset. */
export const orUnset = <T extends z.ZodType>(type: T) => z.union([z.literal('').transform(() => null), type]);

/** A map whose keys happen to be 0, 1, 2 arrives as a list. */
const asMap = (value: unknown) => (Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : value);

export const metadata = z.union([
  z.literal(''),
  z.preprocess(
    asMap,
    z
      .record(z.string().max(40, { error: 'metadata key' }), z.string().max(500, { error: 'metadata value' }))
      .refine((map) => Object.keys(map).length <= 50, { error: 'metadata count' }),
  ),
]);

export const address = z.strictObject({
  city: text.optional(),
  country: text.optional(),
  line1: text.optional(),
  line2: text.optional(),
  postal_code: text.optional(),
  state: text.optional(),
});

export const shipping = z.strictObject({
  address,
  name: text,
  carrier: text.optional(),
  phone: text.optional(),
  tracking_number: text.optional(),
});

export const created = z.union([
  integer.transform((at) => ({ gte: at, lte: at })),
  z.strictObject({
    gt: integer.optional(),
    gte: integer.optional(),
    lt: integer.optional(),
    lte: integer.optional(),
  }),
]);

/** What every list takes. */
export const paging = {
  limit: integer.optional(),
  starting_after: text.optional(),
  ending_before: text.optional(),
};

const readable: Readonly<Record<string, string>> = {
  integer: 'Invalid integer',
  currency: 'Invalid currency',
  url: 'Not a valid URL',
  email: 'Invalid email address',
  'metadata key': 'Metadata keys can have up to 40 characters. Invalid metadata',
  'metadata value': 'Metadata values can have up to 500 characters. Invalid metadata',
  'metadata count': 'Metadata can have up to 50 keys. Invalid metadata',
};
const codes: Readonly<Record<string, string>> = {
  integer: 'parameter_invalid_integer',
  url: 'url_invalid',
  email: 'email_invalid',
};

/** @throws ApiError the first thing wrong, in Stripe's words. */
export function readParams<T>(schema: z.ZodType<T>, form: Form): T {
  const read = schema.safeParse(form);
  if (read.success) return read.data;
  const issue = deepest(read.error.issues[0]);
  throw issue ? faultOf(issue, form) : invalid('Invalid parameters.');
}

type Issue = z.core.$ZodIssue;

/** What is wrong inside a union is wrong with the branch that got furthest. */
function deepest(issue: Issue | undefined, under: PropertyKey[] = []): Issue | undefined {
  if (!issue) return undefined;
  const path = [...under, ...issue.path];
  if (issue.code !== 'invalid_union') return { ...issue, path };
  const inner = issue.errors
    .flat()
    .map((each) => deepest(each, path))
    .filter((each) => each !== undefined);
  return inner.sort((a, b) => b.path.length - a.path.length || rank(a) - rank(b))[0] ?? { ...issue, path };
}

function rank({ code }: Issue): number {
  return code === 'unrecognized_keys' ? 0 : code === 'invalid_value' ? 2 : 1;
}

function faultOf(issue: Issue, form: Form): ApiError {
  if (issue.code === 'unrecognized_keys') {
    const param = named([...issue.path, issue.keys[0] ?? '']);
    if (/^payment_method_types\b/.test(param)) return typesAreGone();
    return invalid(`Received unknown parameter: ${param}`, param, 'parameter_unknown');
  }
  const param = named(issue.path);
  const given = valueAt(form, issue.path);
  if (given === undefined) return invalid(`Missing required param: ${param}.`, param, 'parameter_missing');
  if (given === '')
    return invalid(`You passed an empty string for '${param}'.`, param, 'parameter_invalid_empty');
  if (issue.code === 'invalid_value') {
    const choices = issue.values.map(String).join(', ');
    return invalid(`Invalid ${param}: must be one of ${choices}`, param);
  }
  const words = readable[issue.message] ?? `Invalid ${param}`;
  return invalid(
    `${words}: ${typeof given === 'string' ? given : JSON.stringify(given)}`,
    param,
    codes[issue.message],
  );
}

function typesAreGone(): ApiError {
  const message =
    'The `payment_method_types` parameter is no longer supported. Use `allowed_payment_method_types` or dynamic payment methods instead.';
  return invalid(message, 'payment_method_types', 'payment_method_types_no_longer_supported');
}

function named(path: readonly PropertyKey[]): string {
  return path.map((step, at) => (at === 0 ? String(step) : `[${String(step)}]`)).join('');
}

function valueAt(form: Form, path: readonly PropertyKey[]): FormValue | undefined {
  let at: FormValue | undefined = form;
  for (const step of path) {
    if (typeof at !== 'object') return undefined;
    at = Array.isArray(at) ? at[Number(step)] : at[String(step)];
  }
  return at;
}

import { createHash } from 'node:crypto';
import type { Remembered } from '../engine/books.js';
import type { World } from '../engine/world.js';
import { ApiError } from './errors.js';
import type { Form } from './form.js';

export const rememberedForMs = 24 * 3_600_000;

export type Keyed = Readonly<{
  id: string;
  key: string;
  account: string;
  method: string;
  path: string;
  hash: string;
}>;

/** Where the answer to a key is kept; keys belong to an account. */
export function keyed(account: string, key: string, method: string, path: string, form: Form): Keyed {
  if (key.length > 255) {
    const message = 'Idempotency keys can be at most 255 characters long.';
    throw new ApiError(400, { type: 'invalid_request_error', message });
  }
  const hash = createHash('sha256').update(canonical(form)).digest('hex').slice(0, 32);
  return { id: `${account}:${key}`, key, account, method, path, hash };
}

/**
 * What was answered to this key before, if it was used before.
 * @throws ApiError 400 where it was used for something else, 409 where it is in use now
 */
export function earlierAnswer(
  world: World,
  running: ReadonlySet<string>,
  asked: Keyed,
): Remembered | undefined {
  if (running.has(asked.id)) throw keyInUse(asked.key);
  const found = world.books.remembered.find(asked.id)?.object;
  if (!found || world.clock.now - found.at >= rememberedForMs) return undefined;
  if (found.method !== asked.method || found.path !== asked.path) {
    throw mismatch(
      `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${asked.path}' vs '${found.path}'). Try using a key other than '${asked.key}' if you meant to execute a different request.`,
    );
  }
  if (found.hash !== asked.hash) {
    throw mismatch(
      `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${asked.key}' if you meant to execute a different request.`,
    );
  }
  return found;
}

function mismatch(message: string): ApiError {
  return new ApiError(400, { type: 'idempotency_error', message });
}

function keyInUse(key: string): ApiError {
  const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`;
  return new ApiError(409, { type: 'idempotency_error', message, code: 'idempotency_key_in_use' });
}

/** The same text for the same parameters, in whatever order they were sent. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join()}}`;
}

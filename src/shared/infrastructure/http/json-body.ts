import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Refusal } from '../../domain/refusal.js';
import { Invalid, pointerTo } from './faults.js';

export const BODY_LIMIT = 64 * 1024;
export const WEBHOOK_BODY_LIMIT = 256 * 1024;
const DEEPEST = 20;
const REFUSED_KEYS = ['__proto__', 'constructor', 'prototype'];

/**
 * A request body as the application sees it: `null` members are left out, an empty body is `undefined`.
 * @throws Refusal `malformed_json`, or Invalid where it is too deep, holds what is neither a number nor text, or would reach a prototype
 */
export function parseBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  return withoutNulls(parse(bytes), []) ?? undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new Refusal('malformed_json', 'The body is not JSON.');
  }
}

function withoutNulls(value: unknown, path: readonly PropertyKey[]): unknown {
  refuseUnkeepable(value, path);
  if (typeof value !== 'object' || value === null) return value;
  if (path.length >= DEEPEST) throw fault(path, 'too_deep', `Nothing is nested more than ${DEEPEST} deep.`);
  if (Array.isArray(value)) return value.map((item, at) => withoutNulls(item, [...path, at]));
  const kept: [string, unknown][] = [];
  for (const [key, member] of Object.entries(value)) {
    if (REFUSED_KEYS.includes(key)) throw fault([...path, key], 'forbidden_name', 'No field has this name.');
    refuseUnkeepable(key, path);
    if (member !== null) kept.push([key, withoutNulls(member, [...path, key])]);
  }
  return Object.fromEntries(kept);
}

/** JSON can write what no JSON can be written of again: `1e400`, and halves of a character. */
function refuseUnkeepable(value: unknown, path: readonly PropertyKey[]): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw fault(path, 'too_big', 'No number is that large.');
  }
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw fault(path, 'invalid_format', 'Must be text.');
  }
}

function fault(path: readonly PropertyKey[], code: string, detail: string): Invalid {
  return new Invalid([{ pointer: pointerTo(path), code, detail }]);
}

/** The same for two bodies that say the same, however they are written. */
export function bodyHash(body: unknown): string {
  return createHash('sha256')
    .update(canonicalize(body ?? {}) ?? '{}')
    .digest('hex');
}

import type { IncomingHttpHeaders } from 'node:http';
import type { Row } from '../engine/table.js';
import type { World } from '../engine/world.js';
import type { Account, AccountNote } from '../objects/account.js';
import { ApiError } from './errors.js';

/** The API version of the SDK that this sandbox speaks to. */
export const apiVersion = '2026-10-28.endive';

export type Caller = Readonly<{
  /** Whose key it is. */
  key: string;
  keyAccount: string;
  /** The platform that acts for a connected account, by its client id. */
  platform: string | null;
}>;

export type Admitted = Readonly<{ account: Row<Account, AccountNote>; caller: Caller }>;

/** @throws ApiError 401 or 403 */
export function admit(world: World, headers: IncomingHttpHeaders): Admitted {
  const { books } = world;
  const secret = secretOf(headers.authorization);
  const key = checkKey(books.keys.find(secret)?.object, secret);
  const own = books.accounts.find(key.account);
  if (!own) throw unknownKey(secret);
  const named = headers['stripe-account'];
  if (named === undefined || named === own.id) {
    return { account: own, caller: { key: secret, keyAccount: own.id, platform: key.platform } };
  }
  const { clientId } = own.note;
  const account = books.accounts.find(String(named));
  const connected = clientId !== null && books.connections.find(`${clientId}:${String(named)}`);
  if (!account || !connected) throw accountInvalid(secret, String(named));
  return { account, caller: { key: secret, keyAccount: own.id, platform: clientId } };
}

function secretOf(header: string | undefined): string {
  const [, scheme = '', value = ''] = /^(Bearer|Basic)\s+(\S+)$/i.exec(header ?? '') ?? [];
  const secret =
    scheme.toLowerCase() === 'basic'
      ? Buffer.from(value, 'base64').toString('utf8').replace(/:.*$/s, '')
      : value;
  if (secret !== '') return secret;
  throw unauthorized(
    "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
  );
}

function checkKey<T extends Readonly<{ revoked: boolean }>>(key: T | undefined, secret: string): T {
  if (!key) throw unknownKey(secret);
  if (key.revoked) throw unauthorized(`Expired API Key provided: ${masked(secret)}`, 'api_key_expired');
  return key;
}

function unknownKey(secret: string): ApiError {
  if (/^(sk|rk)_live_/.test(secret)) {
    return unauthorized(`Invalid API Key provided: ${masked(secret)}. The sandbox takes test keys only.`);
  }
  return unauthorized(`Invalid API Key provided: ${masked(secret)}`);
}

function unauthorized(message: string, code?: string): ApiError {
  return new ApiError(401, { type: 'invalid_request_error', message, ...(code !== undefined && { code }) });
}

export function accountInvalid(secret: string, account: string): ApiError {
  const message = `The provided key '${masked(secret)}' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`;
  return new ApiError(403, { type: 'invalid_request_error', message, code: 'account_invalid' });
}

/** How Stripe quotes a key: never whole. */
function masked(secret: string): string {
  const [prefix = ''] = /^[a-z]{2}_(test|live)_/.exec(secret) ?? [];
  const rest = secret.slice(prefix.length);
  return prefix + '*'.repeat(Math.max(rest.length - 4, 4)) + (rest.length > 8 ? rest.slice(-4) : '');
}

/** @throws ApiError 400: an SDK that speaks another version would be answered in the wrong words. */
export function checkVersion(headers: IncomingHttpHeaders): void {
  const asked = headers['stripe-version'];
  if (asked === undefined || asked === apiVersion) return;
  const message = `Invalid Stripe API version: ${String(asked)}. This sandbox speaks ${apiVersion} only.`;
  throw new ApiError(400, { type: 'invalid_request_error', message });
}

import type { Cause, World } from '../engine/world.js';
import type { Connection } from '../objects/account.js';
import { emit, emitToApplication } from '../webhooks/emit.js';

const codeLifeMs = 5 * 60_000;

/** The account's owner agreed: a code, good once and not for long. */
export function grantCode(world: World, clientId: string, account: string, scope: string): string {
  const code = world.ids.next('oauth_code');
  const expiresAt = world.clock.now + codeLifeMs;
  world.books.commit(() =>
    world.books.oauthCodes.add(account, code, { clientId, account, scope, expiresAt, used: false }, null),
  );
  return code;
}

/** From now on the platform acts for the account. Connecting twice is the same connection. */
export function connect(world: World, clientId: string, account: string): Connection {
  const { books, ids } = world;
  const id = `${clientId}:${account}`;
  const known = books.connections.find(id);
  if (known) return known.object;
  const accessToken = ids.next('secret_key');
  const connection = { clientId, account, accessToken, refreshToken: ids.next('refresh_token') };
  books.keys.add(account, accessToken, { account, platform: clientId, revoked: false }, null);
  books.connections.add(account, id, connection, null);
  const cause = { account, requestId: null, idempotencyKey: null };
  emit(world, cause, 'account.application.authorized', application(clientId));
  return connection;
}

/** Whether there was a connection to end. */
export function disconnect(world: World, cause: Cause, clientId: string): boolean {
  const { books } = world;
  const row = books.connections.find(`${clientId}:${cause.account}`);
  if (!row) return false;
  const key = books.keys.find(row.object.accessToken);
  if (key) books.keys.replace(key, { ...key.object, revoked: true });
  books.connections.remove(row.id);
  emitToApplication(world, cause, 'account.application.deauthorized', application(clientId), clientId);
  return true;
}

function application(id: string): object {
  return { id, object: 'application', name: 'Sandbox platform' };
}

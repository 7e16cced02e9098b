import { z } from 'zod';
import { connect, disconnect } from '../accounts/connections.js';
import { accountInvalid } from '../api/caller.js';
import { OAuthError } from '../api/errors.js';
import { text } from '../api/params.js';
import { type Call, nothing, route } from '../api/route.js';

const Token = z.strictObject({
  grant_type: text,
  code: text.optional(),
  refresh_token: text.optional(),
  scope: text.optional(),
  client_secret: text.optional(),
});
const Deauthorize = z.strictObject({ client_id: text, stripe_user_id: text });

function token({ world, account, params }: Call<z.infer<typeof Token>>): object {
  const { clientId } = account.note;
  if (clientId === null) throw new OAuthError(401, 'invalid_client', 'This account is no platform.');
  if (params.grant_type === 'authorization_code') return redeemCode(world, clientId, params.code ?? '');
  if (params.grant_type === 'refresh_token') return refresh(world, clientId, params.refresh_token ?? '');
  throw new OAuthError(400, 'unsupported_grant_type', `No such grant type: ${params.grant_type}`);
}

function redeemCode(world: Call<unknown>['world'], clientId: string, code: string): object {
  const row = world.books.oauthCodes.find(code);
  if (!row || row.object.clientId !== clientId) {
    throw new OAuthError(400, 'invalid_grant', `Authorization code does not exist: ${code}`);
  }
  if (row.object.used)
    throw new OAuthError(400, 'invalid_grant', `This authorization code has already been used: ${code}`);
  if (row.object.expiresAt <= world.clock.now) {
    throw new OAuthError(400, 'invalid_grant', `Authorization code expired: ${code}`);
  }
  world.books.oauthCodes.replace(row, { ...row.object, used: true });
  return granted(world, connect(world, clientId, row.object.account), row.object.scope);
}

function refresh(world: Call<unknown>['world'], clientId: string, refreshToken: string): object {
  const found = [...world.books.connections.all()].find(
    ({ object }) => object.clientId === clientId && object.refreshToken === refreshToken,
  );
  if (!found) throw new OAuthError(400, 'invalid_grant', `Refresh token does not exist: ${refreshToken}`);
  return granted(world, found.object, 'read_write');
}

function granted(
  { books }: Call<unknown>['world'],
  { account, accessToken, refreshToken }: Granted,
  scope: string,
): object {
  return {
    access_token: accessToken,
    livemode: false,
    refresh_token: refreshToken,
    token_type: 'bearer',
    stripe_publishable_key: books.accounts.find(account)?.note.publishableKey ?? '',
    stripe_user_id: account,
    scope,
  };
}

type Granted = ReturnType<typeof connect>;

function deauthorize({ world, account, params, cause }: Call<z.infer<typeof Deauthorize>>): object {
  const { client_id, stripe_user_id } = params;
  if (account.note.clientId !== client_id) {
    throw new OAuthError(401, 'invalid_client', `No such application: '${client_id}'`);
  }
  if (!disconnect(world, { ...cause, account: stripe_user_id }, client_id)) {
    throw new OAuthError(
      401,
      'invalid_client',
      `This application is not connected to stripe account ${stripe_user_id}, or that account does not exist.`,
    );
  }
  return { stripe_user_id };
}

export const accountRoutes = [
  route('GET', '/v1/account', nothing, ({ account }) => account.object),
  route('GET', '/v1/accounts/:id', nothing, ({ world, account, caller, id }) => {
    if (id === account.id) return account.object;
    const { clientId } = account.note;
    const found = world.books.accounts.find(id);
    const connected = clientId !== null && world.books.connections.find(`${clientId}:${id}`);
    if (!found || !connected) throw accountInvalid(caller.key, id);
    return found.object;
  }),
  route('POST', '/oauth/token', Token, token),
  route('POST', '/oauth/deauthorize', Deauthorize, deauthorize),
];

import { grantCode } from '../accounts/connections.js';
import type { Answer } from '../api/answer.js';
import type { World } from '../engine/world.js';
import { html } from './html.js';
import { notice, page, redirect, withQuery } from './page.js';

type Asked = Readonly<{ clientId: string; redirectUri: string; scope: string; state: string }>;

/** Where a merchant lets a platform act for their account. */
export function showAuthorize(world: World, query: URLSearchParams): Answer {
  const asked = askedOf(query);
  const fault = faultOf(world, asked, query);
  if (fault) return fault;
  const merchants = [...world.books.accounts.all()].filter(({ note }) => note.clientId === null);
  const hidden = (name: string, value: string) => html`<input type="hidden" name="${name}" value="${value}">`;
  return page({
    title: 'Connect a test account',
    width: 'narrow',
    formsMayLeadTo: [asked.redirectUri],
    body: html`<section class="panel">
<h1>Connect a test account</h1>
<p>${new URL(asked.redirectUri).host} would like to take payments and see what happens on the account that you choose.</p>
<form method="post" action="/oauth/authorize">
${hidden('client_id', asked.clientId)}${hidden('redirect_uri', asked.redirectUri)}${hidden('scope', asked.scope)}${hidden('state', asked.state)}
<fieldset><legend>Account</legend>${merchants.map(
      ({ id, note, object }, at) =>
        html`<label class="choice"><input type="radio" name="account" value="${id}"${at === 0 && html` checked`}><span>${note.name} <span class="quiet">${object.country}, ${object.default_currency.toUpperCase()}</span></span></label>`,
    )}</fieldset>
<div class="row"><button class="primary" type="submit" name="decision" value="connect">Connect test account</button><button type="submit" name="decision" value="deny">Deny</button></div>
</form>
</section>`,
  });
}

export async function submitAuthorize(world: World, sent: URLSearchParams): Promise<Answer> {
  const asked = askedOf(sent);
  const fault = faultOf(world, asked, sent);
  if (fault) return fault;
  const state: Record<string, string> = asked.state === '' ? {} : { state: asked.state };
  if (sent.get('decision') !== 'connect') {
    const denied = { error: 'access_denied', error_description: 'The user denied your request' };
    return redirect(withQuery(asked.redirectUri, { ...denied, ...state }));
  }
  const account = world.books.accounts.find(sent.get('account') ?? '');
  if (!account || account.note.clientId !== null)
    return notice('No such account', 'Go back and choose another one.', 400);
  const code = grantCode(world, asked.clientId, account.id, asked.scope);
  await world.books.settled();
  return redirect(withQuery(asked.redirectUri, { scope: asked.scope, code, ...state }));
}

function askedOf(query: URLSearchParams): Asked {
  return {
    clientId: query.get('client_id') ?? '',
    redirectUri: query.get('redirect_uri') ?? '',
    scope: query.get('scope') ?? 'read_only',
    state: query.get('state') ?? '',
  };
}

/** A wrong request is shown, never redirected: nobody knows where it would lead. */
function faultOf(
  { books }: World,
  { clientId, redirectUri, scope }: Asked,
  query: URLSearchParams,
): Answer | undefined {
  const platform = [...books.accounts.all()].find(
    ({ note }) => note.clientId === clientId && clientId !== '',
  );
  if (!platform) return notice('Unknown application', `No application with client id '${clientId}'.`, 400);
  if (!/^https?:\/\//.test(redirectUri) || !URL.canParse(redirectUri)) {
    return notice('Invalid redirect URI', 'The application must say where to go from here.', 400);
  }
  if (!['read_only', 'read_write'].includes(scope))
    return notice('Invalid scope', `There is no scope '${scope}'.`, 400);
  const type = query.get('response_type');
  return type === null || type === 'code'
    ? undefined
    : notice('Invalid response type', 'Only `code` is known.', 400);
}

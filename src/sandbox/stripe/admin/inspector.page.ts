import type { Answer } from '../api/answer.js';
import type { World } from '../engine/world.js';
import { type Html, html, type Part } from '../pages/html.js';
import { page } from '../pages/page.js';
import { shown } from '../payments/currencies.js';
import { button, latest, shownRows, table, time } from './inspector-table.js';
import { disputes, payments, payouts, refunds, warnings } from './money-tables.js';
import type { Told } from './told.js';

/** All that goes on in the sandbox, on one page. @param failed what was wanted last and could not be done */
export function showInspector(world: World, token: string, failed?: Told): Answer {
  const body = html`<form id="act" method="post" action="/_sandbox?token=${token}"></form>
${failed && html`<p class="alert" role="alert">${messageOf(failed.body)}</p>`}
${clockSection(world)}
${accounts(world)}
${disputes(world)}
${payments(world)}
${refunds(world)}
${payouts(world)}
${warnings(world)}
${faults(world)}
${requests(world)}
${events(world)}
${deliveries(world)}`;
  return page({ title: 'Stripe sandbox', width: 'wide', status: failed?.status ?? 200, body });
}

function messageOf(body: unknown): string {
  const { error } = body as { error: unknown };
  return typeof error === 'string'
    ? error
    : ((error as { message?: string }).message ?? JSON.stringify(error));
}

function clockSection({ clock }: World): Html {
  const { rate } = clock.current;
  const on = (seconds: number) => `POST clock {"advance":${seconds}}`;
  return html`<section><h1>Stripe sandbox</h1>
<p>It is <strong>${new Date(clock.now).toISOString()}</strong>, at ${rate === 0 ? 'a standstill' : `${rate} times real speed`}.</p>
<p class="row">${button(on(60), 'One minute on')}${button(on(3600), 'One hour on')}${button(on(86_400), 'One day on')}${button(on(7 * 86_400), 'One week on')}${button('POST clock {"freeze":true}', 'Freeze')}${button('POST clock {"freeze":false}', 'Run')}</p></section>`;
}

function accounts(world: World): Html {
  const connected = ({ books }: World, id: string) =>
    Array.from(books.connections.walk(id, undefined, 1), ({ object }) => object.clientId).join(', ');
  return table(
    'Accounts',
    ['account', 'name', 'key', 'connected to', ''],
    [...world.books.accounts.all()].map(({ id, note, object }) => [
      id,
      note.name,
      keyOf(world, id),
      connected(world, id),
      [
        button(
          `POST accounts/${id}/payments {"amount":4200}`,
          `Take ${shown(4200, object.default_currency)} by hand`,
        ),
        connected(world, id) !== '' && button(`POST accounts/${id}/disconnect`, 'Disconnect'),
      ],
    ]),
  );
}

function faults({ faults: rules }: World): Html {
  const example = '{"match":{"path":"/v1/refunds"},"effect":"hang_after"}';
  return html`${table(
    'Faults',
    ['rule', ''],
    rules.list().map((rule) => [JSON.stringify(rule), button(`DELETE faults/${idOf(rule)}`, 'Remove')]),
  )}
<p><label for="rule">Another fault</label><input id="rule" type="text" name="rule" form="act" value="${example}"></p>
<p>${button('POST faults', 'Add')}</p>`;
}

function requests({ requests: log }: World): Html {
  const lines = log.latest().slice(0, shownRows);
  return table(
    'Requests',
    ['when', 'request', 'call', 'answer', 'key'],
    lines.map((each): Part[] => [
      time(each.at),
      each.id,
      `${each.method} ${each.path}`,
      `${each.status}${each.replayed ? ', replayed' : ''}${each.fault ? `, ${each.fault}` : ''}, ${each.tookMs.toFixed(1)} ms`,
      each.idempotencyKey,
    ]),
  );
}

function events({ books }: World): Html {
  return table(
    'Events',
    ['when', 'event', 'type', 'account', 'undelivered'],
    latest(books.events.all()).map(({ id, account, object, note }) => [
      time(object.created * 1000),
      id,
      object.type,
      account,
      note.undelivered,
    ]),
  );
}

function deliveries({ books }: World): Html {
  return table(
    'Deliveries',
    ['event', 'type', 'to', 'state', ''],
    latest(books.deliveries.all()).map(({ object }) => [
      object.event,
      object.type,
      object.url,
      `${object.state} after ${object.attempts}${object.lastStatus ? `, ${object.lastStatus}` : ''}${object.lastError ? `, ${object.lastError}` : ''}`,
      button(`POST deliveries/${object.id}/resend`, 'Send again'),
    ]),
  );
}

function keyOf({ books }: World, account: string): string {
  const keys = [...books.keys.walk(account, undefined, 1)].filter(({ object }) => object.platform === null);
  return keys.map(({ id, object }) => (object.revoked ? `${id} (revoked)` : id)).join(', ');
}

function idOf(rule: object): string {
  return 'id' in rule ? String(rule.id) : '';
}

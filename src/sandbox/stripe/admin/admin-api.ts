import { timingSafeEqual } from 'node:crypto';
import { type Answer, json } from '../api/answer.js';
import type { Incoming } from '../api/exchange.js';
import type { World } from '../engine/world.js';
import { redirect } from '../pages/page.js';
import { showInspector } from './inspector.page.js';
import { handle } from './owner.js';
import type { Told } from './told.js';

/** What the sandbox's owner may do. @param afterReset puts back what is always there */
export async function answerAdmin(
  world: World,
  adminToken: string,
  incoming: Incoming,
  afterReset: () => void,
): Promise<Answer> {
  const query = new URLSearchParams(incoming.query);
  const bearer = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? '')?.[1];
  if (!isSame(bearer ?? query.get('token') ?? '', adminToken))
    return answered({ status: 401, body: { error: 'the admin token is missing or wrong' } });
  const perform = async (method: string, path: string, text: string): Promise<Told> => {
    const body = bodyOf(text);
    if (body === undefined) return { status: 400, body: { error: 'the body is not JSON' } };
    const result = handle(world, method, path, body);
    if (path === 'reset') afterReset();
    await world.books.settled();
    return result;
  };
  const path = incoming.path.replace(/^\/_sandbox\/?/, '');
  if (path !== '') return answered(await perform(incoming.method, path, incoming.body));
  if (incoming.method !== 'POST') return showInspector(world, adminToken);
  const sent = new URLSearchParams(incoming.body);
  const [method = '', asked = '', ...rest] = (sent.get('act') ?? '').split(' ');
  const typed = asked === 'faults' ? (sent.get('rule') ?? '') : rest.join(' ');
  const result = await perform(method, asked, typed);
  if (result.status < 400) return redirect(`/_sandbox?token=${encodeURIComponent(adminToken)}`);
  return showInspector(world, adminToken, result);
}

function bodyOf(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answered({ status, body }: Told): Answer {
  return { status, headers: json, body: JSON.stringify(body, null, 2) };
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

import type { Answer } from '../api/answer.js';
import type { Incoming } from '../api/exchange.js';
import type { World } from '../engine/world.js';
import { showAuthorize, submitAuthorize } from './authorize.page.js';
import { showCardElement, submitCardElement } from './card-element.page.js';
import { showChallenge, submitChallenge } from './challenge.page.js';
import { showCheckout, submitCheckout } from './checkout.page.js';
import { notice } from './page.js';

/** The pages that people see; `undefined` for a path that is none of them. */
export async function answerPage(
  world: World,
  { method, path, query, body }: Incoming,
): Promise<Answer | undefined> {
  const [, area = '', id = '', rest = ''] = path.split('/');
  const posted = method === 'POST';
  if (!posted && method !== 'GET' && method !== 'HEAD') return undefined;
  const asked = new URLSearchParams(query);
  const sent = new URLSearchParams(body);
  if (area === 'c' && id === 'pay') {
    return posted ? submitCheckout(world, rest, sent) : showCheckout(world, rest, asked.has('retry'));
  }
  if (area === '3ds') return posted ? submitChallenge(world, id, sent) : showChallenge(world, id);
  if (path === '/oauth/authorize') return posted ? submitAuthorize(world, sent) : showAuthorize(world, asked);
  if (path === '/elements/card')
    return posted ? submitCardElement(world, asked, sent) : showCardElement(world, asked);
  if (path === '/')
    return notice(
      'Stripe sandbox',
      'Stripe in miniature. Nothing here is real: use test keys and test cards.',
    );
  return undefined;
}

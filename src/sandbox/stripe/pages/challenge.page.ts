import type { Answer } from '../api/answer.js';
import { byTime, type Cause, type World } from '../engine/world.js';
import { shown } from '../payments/currencies.js';
import { answerChallenge } from '../payments/intents.js';
import { completeSession } from '../payments/sessions.js';
import { answerSetupChallenge } from '../payments/setups.js';
import { successUrl } from './checkout.page.js';
import { html } from './html.js';
import { notice, page, redirect, withQuery } from './page.js';

type Challenged = Readonly<{
  id: string;
  account: string;
  kind: 'payment_intent' | 'setup_intent';
  status: string;
  secret: string;
  asks: string;
  method: string | null;
  session: string | null;
  returnUrl: string | null;
}>;

/** What the cardholder's bank would show. */
export function showChallenge(world: World, id: string): Answer {
  const asked = challengedBy(world, id);
  if (!asked) return notice('Page not found', 'Nobody asked for this confirmation.', 404);
  if (asked.status !== 'requires_action') return over(asked);
  const name = world.books.accounts.find(asked.account)?.note.name ?? '';
  const last4 = world.books.paymentMethods.find(asked.method ?? '')?.object.card.last4 ?? '';
  const back = asked.session ? `/c/pay/${asked.session}` : asked.returnUrl;
  return page({
    title: '3D Secure test page',
    width: 'narrow',
    formsMayLeadTo: [asked.returnUrl ?? '', sessionUrl(world, asked)],
    body: html`<section class="panel" aria-labelledby="asks">
<h1 id="asks">Your bank asks: is this you?</h1>
<p class="total">${asked.asks}</p>
<p>${name}, card ending in ${last4}</p>
<form method="post" action="/3ds/${id}" class="row">
<button class="primary" type="submit" name="outcome" value="complete">Complete</button>
<button type="submit" name="outcome" value="fail">Fail</button>
</form>
${back && html`<p class="quiet"><a href="${back}">Close without answering</a></p>`}
</section>`,
  });
}

export async function submitChallenge(world: World, id: string, sent: URLSearchParams): Promise<Answer> {
  const asked = challengedBy(world, id);
  if (!asked) return notice('Page not found', 'Nobody asked for this confirmation.', 404);
  const passed = sent.get('outcome') === 'complete';
  const cause = byTime(asked.account);
  const after = world.books.commit(() => {
    const answered =
      asked.kind === 'payment_intent'
        ? answerChallenge(world, cause, id, passed)
        : answerSetupChallenge(world, cause, id, passed);
    if (answered?.status === 'succeeded') finishSession(world, cause, asked.session);
    return answered;
  });
  await world.books.settled();
  if (!after) return over(challengedBy(world, id) ?? asked);
  return redirectBack(world, asked, after.status === 'succeeded');
}

function finishSession(world: World, cause: Cause, id: string | null): void {
  const session = id === null ? undefined : world.books.sessions.find(id);
  if (session?.object.status === 'open') completeSession(world, cause, session);
}

function redirectBack(world: World, asked: Challenged, succeeded: boolean): Answer {
  if (asked.session !== null)
    return redirect(succeeded ? sessionUrl(world, asked) : `/c/pay/${asked.session}?retry=1`);
  if (asked.returnUrl === null)
    return notice(succeeded ? 'Confirmed' : 'Not confirmed', 'You can close this page.');
  return redirect(
    withQuery(asked.returnUrl, {
      [asked.kind]: asked.id,
      [`${asked.kind}_client_secret`]: asked.secret,
      redirect_status: succeeded ? 'succeeded' : 'failed',
    }),
  );
}

function sessionUrl({ books }: World, { session }: Challenged): string {
  const row = session === null ? undefined : books.sessions.find(session);
  return row ? successUrl(row.object) : '';
}

function over({ status }: Challenged): Answer {
  if (status === 'succeeded') return notice('Already confirmed', 'Nothing more is to be done here.');
  return notice('This confirmation is over', 'It was answered before, or the payment was cancelled.', 410);
}

function challengedBy({ books }: World, id: string): Challenged | undefined {
  const paying = books.paymentIntents.find(id);
  if (paying) {
    const { object, note, account } = paying;
    const { status, client_secret: secret, payment_method: method } = object;
    const asks = `Pay ${shown(object.amount, object.currency)}`;
    return { id, account, kind: 'payment_intent', status, secret, asks, method, ...note };
  }
  const saving = books.setupIntents.find(id);
  if (!saving) return undefined;
  const { object, note, account } = saving;
  const { status, client_secret: secret, payment_method: method } = object;
  return { id, account, kind: 'setup_intent', status, secret, asks: 'Save your card', method, ...note };
}

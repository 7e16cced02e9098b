import { facts, heading, letter } from '../../../../shared/infrastructure/mail/letter.js';
import { markup } from '../../../../shared/infrastructure/markup/markup.js';
import { oneLine } from '../../../../shared/infrastructure/markup/plain-text.js';
import { inWords } from '../../application/sums-in-words.js';
import type { ExceptionAction, ExceptionKind } from '../../domain/exception.events.js';

/** All that a merchant is told of an exception. */
export type ExceptionMailView = Readonly<{
  id: string;
  kind: ExceptionKind;
  store_name: string;
  /** Null where it is about no order. */
  order_number: string | null;
  explanation: string;
  /** Minor units; null where it is about no amount. */
  amount: number | null;
  currency: string | null;
  payment: string | null;
  refund: string | null;
  dispute: string | null;
  actions: readonly ExceptionAction[];
}>;

const titles: Readonly<Record<ExceptionKind, string>> = {
  overpaid: 'Overpaid',
  late_payment: 'Paid after it was cancelled',
  capture_mismatch: 'Other amount captured',
  refund_failed: 'Refund failed',
  dispute_opened: 'Payment disputed',
  dispute_lost: 'Dispute lost',
  outcome_unknown: 'Payment still unknown',
  mail_undelivered: 'Mail not delivered',
  reconciliation_difference: 'The books differ from Stripe’s',
};

const amounts: Readonly<Record<ExceptionKind, string>> = {
  overpaid: 'Too much',
  late_payment: 'Came late',
  capture_mismatch: 'Captured',
  refund_failed: 'Not refunded',
  dispute_opened: 'Disputed',
  dispute_lost: 'Lost',
  outcome_unknown: 'Asked for',
  mail_undelivered: 'Amount',
  reconciliation_difference: 'Difference',
};

const ways: Readonly<Record<ExceptionAction, string>> = {
  refund_excess: 'refund the excess',
  keep_as_credit: 'keep it as the customer’s credit',
  raise_total: 'raise the total of the order',
  refund_payment: 'refund the payment',
  accept: 'accept it as it is',
  retry: 'try again',
  look_at_stripe_again: 'look at Stripe again',
  collect_again: 'ask the customer for the money again',
  write_off: 'write the money off',
};

/** What else there is to know before deciding. */
const advice: Partial<Record<ExceptionKind, string>> = {
  overpaid: 'The money was taken and is recorded.',
  late_payment: 'The money was taken and is recorded.',
  capture_mismatch: 'It is recorded as what really came. Compare the payment at Stripe with the order.',
  dispute_opened: 'Answer it in the Stripe dashboard. This ends by itself when the bank has decided.',
  dispute_lost: 'The customer is asked for nothing until you decide.',
  outcome_unknown: 'It is looked at again and again, and the balance stays held. Nothing is charged twice.',
};

/** To the store's notification address: what happened, with the numbers, and what can be done about it. */
export function exceptionEmail(view: ExceptionMailView) {
  const store = oneLine(view.store_name);
  const order = view.order_number === null ? null : oneLine(view.order_number);
  const title = order === null ? titles[view.kind] : `${titles[view.kind]}: order ${order}`;
  const what = oneLine(view.explanation);
  const rows = rowsOf(view, order);
  const known = advice[view.kind];
  const choice = `What can be done: ${view.actions.map((action) => ways[action]).join(', or ')}.`;
  const paragraphs = [what, ...(known ? [known] : []), ...(view.actions.length > 0 ? [choice] : [])];
  return {
    fromName: 'Quittance',
    subject: oneLine(`${store}: ${title}`),
    text: `${[...paragraphs, rows.map(([name, value]) => `${name}: ${value}`).join('\n')].join('\n\n')}\n`,
    html: letter({
      title,
      preview: what,
      storeName: store,
      body: markup`${heading(store, title)}
${paragraphs.map((words) => markup`<p style="margin:0 0 20px">${words}</p>`)}${facts(rows)}`,
      footer: markup`<p style="margin:0">You get this mail because this is the notification address of ${store}.</p>`,
    }),
    attachments: [],
  };
}

function rowsOf(view: ExceptionMailView, order: string | null): readonly (readonly [string, string])[] {
  const { kind, amount, currency, payment, refund, dispute, id } = view;
  const sum = amount !== null && currency !== null ? inWords(amount, currency) : null;
  const all = [
    [amounts[kind], sum],
    ['Order', order],
    ['Payment', payment],
    ['Refund', refund],
    ['Dispute', dispute],
    ['Exception', id],
  ] as const;
  return all.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
}

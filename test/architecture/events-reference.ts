import { apiKeyCodec } from '../../src/modules/access/infrastructure/event-store/api-key.codec.js';
import { exceptionHistory } from '../../src/modules/exceptions/application/exception-history.js';
import { exceptionCodec } from '../../src/modules/exceptions/infrastructure/event-store/exception.codec.js';
import { orderHistory } from '../../src/modules/orders/application/order-history.js';
import { orderCodec } from '../../src/modules/orders/infrastructure/event-store/order.codec.js';
import { linkHistory, paymentHistory } from '../../src/modules/payments/application/payment-history.js';
import { eventFeedCodec } from '../../src/modules/payments/infrastructure/event-store/event-feed.codec.js';
import {
  paymentCodec,
  paymentLinkCodec,
  stripeEventCodec,
} from '../../src/modules/payments/infrastructure/event-store/payment.codec.js';
import { reconciliationCodec } from '../../src/modules/reconciliation/infrastructure/event-store/reconciliation.codec.js';
import { storeCodec } from '../../src/modules/stores/infrastructure/event-store/store.codec.js';
import { claimCodec } from '../../src/shared/application/claims.js';
import { mailCodec } from '../../src/shared/infrastructure/mail/mail.codec.js';
import { EventSources, type EventType, type Field, type Shape } from './event-sources.js';

type Family = Readonly<{
  title: string;
  stream: string;
  file: string;
  union: string;
  codec: Readonly<Record<string, Readonly<{ version: number }>>>;
  /** How an order's history names them, where it tells them. */
  told?: Readonly<Record<string, Readonly<{ type: string }> | null>>;
}>;

/** Every stream category there is. A catalogue with a type that is not among these fails the test. */
const families: readonly Family[] = [
  {
    title: 'Order',
    stream: 'order-{id}',
    file: 'modules/orders/domain/order.events.ts',
    union: 'OrderEvent',
    codec: orderCodec,
    told: orderHistory,
  },
  {
    title: 'Payment',
    stream: 'payment-{id}',
    file: 'modules/payments/domain/payment.events.ts',
    union: 'PaymentEvent',
    codec: paymentCodec,
    told: paymentHistory,
  },
  {
    title: 'Payment link',
    stream: 'link-{id}',
    file: 'modules/payments/domain/payment-link.events.ts',
    union: 'PaymentLinkEvent',
    codec: paymentLinkCodec,
    told: linkHistory,
  },
  {
    title: 'Event of Stripe’s',
    stream: 'stripe_evt-{store}.{event}',
    file: 'modules/payments/domain/stripe-event.ts',
    union: 'StripeEventEvent',
    codec: stripeEventCodec,
  },
  {
    title: 'Exception',
    stream: 'exception-{id}',
    file: 'modules/exceptions/domain/exception.events.ts',
    union: 'ExceptionEvent',
    codec: exceptionCodec,
    told: exceptionHistory,
  },
  {
    title: 'List of Stripe’s events',
    stream: 'stripe_feed-{store}',
    file: 'modules/payments/domain/event-feed.ts',
    union: 'EventFeedEvent',
    codec: eventFeedCodec,
  },
  {
    title: 'Store',
    stream: 'store-{id}',
    file: 'modules/stores/domain/store.events.ts',
    union: 'StoreEvent',
    codec: storeCodec,
  },
  {
    title: 'Reconciliation run',
    stream: 'recon-{id}',
    file: 'modules/reconciliation/domain/reconciliation.events.ts',
    union: 'ReconciliationEvent',
    codec: reconciliationCodec,
  },
  {
    title: 'API key',
    stream: 'apikey-{id}',
    file: 'modules/access/domain/api-key.ts',
    union: 'ApiKeyEvent',
    codec: apiKeyCodec,
  },
  {
    title: 'Mail',
    stream: 'mail-{id}',
    file: 'shared/domain/mail.ts',
    union: 'MailEvent',
    codec: mailCodec,
  },
  {
    title: 'Claim',
    stream: 'claim_{kind}-{SHA-256 of the key}',
    file: 'shared/application/claims.ts',
    union: 'Claimed',
    codec: claimCodec,
  },
];

/** Every event type of this reference. */
export const referencedTypes = families.flatMap(({ codec }) => Object.keys(codec)).sort();

const intro = `# Events

Every type of event that is ever stored. The log is the only truth: orders, payments, links and stores are folds of
it, and so is every row of the read model. Amounts are integers of the minor unit of the currency that the stream's
first event names. Times are RFC 3339 UTC. A stream is named \`{category}-{id without its prefix}\`: the order
\`order_0192f3a4…\` lives in \`order-0192f3a4…\`. Stored shapes never change. A new shape is a new version with an upcast in
the codec ([how to add an event](../how-to/add-an-event.md)).

## The envelope

| member | meaning |
|---|---|
| \`id\` | UUID as 32 hex digits. Appending it again at the same place changes nothing. |
| \`stream\`, \`revision\` | Which stream, and where in it: 0 for its first event, without gaps. |
| \`position\` | Where in the whole log. Grows, not necessarily by one. |
| \`type\`, \`schemaVersion\` | What is stored, and in which version of its shape. |
| \`data\` | The fields below, as canonical JSON (RFC 8785). |
| \`metadata\` | Text to text: \`occurred_at\`, \`$correlationId\` (joins all that came of one request), \`$causationId\`, \`actor_kind\`, \`actor_id\`, \`actor_name\`, \`origin\` (\`api\`, \`page\`, \`webhook\`, \`sweep\`, \`policy\`, \`boot\`), \`reason\`, \`store\`, \`order\` (whose history it belongs to). |
| \`hash\` | SHA-256 over \`1\\|previous hash\\|stream\\|revision\\|id\\|type\\|schema version\\|metadata\\|data\`, hex; the first event follows 64 zeros. |
`;

const outro = `
Generated from the domain event types, their comments and their codecs. \`npm run docs\` writes it anew; a test fails when
it says something else than the code.
`;

/** `docs/reference/events.md`. */
export function eventsReference(): string {
  const sources = new EventSources(families.map(({ file }) => file));
  return intro + families.map((family) => section(family, sources)).join('') + outro;
}

function section(family: Family, sources: EventSources): string {
  const { title, stream, file, union, codec, told } = family;
  const events = sources.events(file, union);
  const types = Object.keys(codec);
  const missing = types.filter((type) => !events.some((event) => event.type === type));
  if (missing.length > 0 || events.length !== types.length) throw new Error(`${union} and its codec differ`);
  const fields = events.flatMap((event) => event.fields);
  const shapes = sources.shapes(file, fields);
  const rows = events.map((event) => eventText(event, codec[event.type]?.version, told?.[event.type]?.type));
  return `
## ${title}

Stream \`${stream}\` · [\`src/${file}\`](../../src/${file})

${rows.join('\n')}${shapes.length > 0 ? `\n${shapes.map(shapeText).join('\n')}` : ''}`;
}

function eventText(event: EventType, version: number | undefined, told: string | undefined): string {
  const { type, meaning, fields } = event;
  const history = told ? ` · in the history \`${told}\`` : '';
  const about = meaning || `${inWords(type)}.`;
  const members = fields.length > 0 ? fieldTable(fields) : 'No fields.\n';
  return `### ${type}\n\nVersion ${version}${history}. ${about}\n\n${members}`;
}

function shapeText({ name, meaning, type, fields }: Shape): string {
  const about = meaning ? `${meaning}\n\n` : '';
  const body = fields.length > 0 ? fieldTable(fields) : `\`${type}\`\n`;
  return `#### ${name}\n\n${about}${body}`;
}

function fieldTable(fields: readonly Field[]): string {
  const rows = fields.map(({ name, type, meaning }) => `| \`${name}\` | \`${inTable(type)}\` | ${meaning} |`);
  return `| field | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function inTable(type: string): string {
  return type.replaceAll('|', '\\|');
}

/** `OrderTotalChanged` → `Order total changed`. */
function inWords(type: string): string {
  const words = type.replace(/(?<!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words;
}

import type { RefusalCode } from '../../domain/refusal.js';
import type { JsonSchema } from './json-schema.js';
import { PROBLEM_CODES, PROBLEMS } from './problems.js';

const text = { type: 'string' };

/** RFC 9457. Facts of a refusal are members of their own, so further members may be there. */
export const PROBLEM_SCHEMA: JsonSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail', 'retryable', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: text,
    status: { type: 'integer' },
    code: { type: 'string', enum: [...PROBLEM_CODES].sort() },
    detail: text,
    param: { type: 'string', format: 'json-pointer', description: 'The field at fault.' },
    retryable: { type: 'boolean', description: 'Whether the same call may succeed later, unchanged.' },
    request_id: text,
    errors: {
      type: 'array',
      description: 'Every fault, for `validation_failed`.',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: { pointer: { type: 'string', format: 'json-pointer' }, code: text, detail: text },
      },
    },
  },
};

/** What a signed route takes: its bytes count, so its fields are not ours to describe. */
export const STRIPE_EVENT: JsonSchema = {
  type: 'object',
  description: 'An event, as Stripe writes it.',
  examples: [{ id: 'evt_1PgafTB7WZ01zgkW', object: 'event', type: 'payment_intent.succeeded' }],
};

/** The problems a route may answer, one response per status, one example per code. */
export function problemResponses(codes: ReadonlySet<RefusalCode>): Record<string, JsonSchema> {
  const byStatus = Map.groupBy([...codes].sort(), (code) => PROBLEMS[code].status);
  const entries = [...byStatus].map(([status, those]) => [String(status), problemResponse(those)] as const);
  return Object.fromEntries(entries);
}

function problemResponse(codes: readonly RefusalCode[]): JsonSchema {
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
    headers: { 'Request-Id': RESPONSE_HEADERS['Request-Id'] },
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            { type: 'object', properties: { code: { type: 'string', enum: codes } } },
          ],
        },
        examples: Object.fromEntries(codes.map((code) => [code, { value: example(code) }])),
      },
    },
  };
}

function example(code: RefusalCode): JsonSchema {
  const { status, title, retryable = false } = PROBLEMS[code];
  const request_id = 'req_0193527c1b2e7c4f9d1a5b6c7d8e9f01';
  return { type: `/problems/${code}`, title, status, code, detail: `${title}.`, retryable, request_id };
}

const header = (name: string, required: boolean, description: string, schema: JsonSchema = text) => ({
  name,
  in: 'header',
  required,
  description,
  schema,
});

/** Request headers by name. */
export const HEADER_PARAMETERS = {
  'Idempotency-Key': header(
    'Idempotency-Key',
    true,
    'Any text of your own; the same for every repetition of this call. Repeating it answers the same and does nothing twice.',
    { type: 'string', minLength: 1, maxLength: 255 },
  ),
  'Idempotency-Key, optional': header(
    'Idempotency-Key',
    false,
    'Any text of your own; repeating the call with it does nothing twice.',
    { type: 'string', minLength: 1, maxLength: 255 },
  ),
  'If-Match': header(
    'If-Match',
    false,
    'The `ETag` that was read; refused if the resource has changed since.',
  ),
  'Stripe-Signature': header(
    'Stripe-Signature',
    true,
    'Stripe’s signature over the exact bytes of the body.',
  ),
  'Quittance-Store': header('Quittance-Store', false, 'The store, for keys that reach more than one.'),
  'Quittance-Position': header(
    'Quittance-Position',
    false,
    'From the answer to a write: the read sees at least that write.',
  ),
};

/** Headers of answers by name. */
export const RESPONSE_HEADERS = {
  'Request-Id': { description: 'Names this request; tell it to support.', schema: text },
  'Quittance-Position': {
    description: 'Where this write stands; send it with a read to see it.',
    schema: text,
  },
};

import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import type { RefusalCode } from '../../domain/refusal.js';
import { accessOf } from './access.guard.js';
import type { Access } from './access.js';
import { ANSWERS, type AnswerKind, REFUSALS, SAYS } from './answers.js';
import { HEADERS, type HeaderName } from './headers.js';
import { convert, type JsonSchema, withNulls } from './json-schema.js';
import {
  HEADER_PARAMETERS,
  PROBLEM_SCHEMA,
  problemResponses,
  RESPONSE_HEADERS,
  STRIPE_EVENT,
} from './openapi-parts.js';
import { type Handler, handlersIn } from './route-access.js';

export type ApiDocument = ReturnType<typeof SwaggerModule.createDocument>;

type Parameter = { name: string; in: string; required?: boolean; schema?: JsonSchema };
type Operation = Record<string, unknown> & {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: JsonSchema;
};

/** The whole API as an OpenAPI 3.1 document, out of the same schemas and declarations that run it. */
export function describeApi(app: NestFastifyApplication): ApiDocument {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Quittance')
    .setDescription('Card payments against sales orders. Amounts are integers of the currency’s minor unit.')
    .setVersion('1')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: `qk_…`.' }, 'api_key')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: operationId,
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType ? convert(schema, schemaType) : undefined,
  });
  const handlers = new Map(
    handlersIn(app.get(ModulesContainer)).map((found) => [
      operationId(found.controller.name, found.name),
      found,
    ]),
  );
  const { schemas = {} } = document.components ?? {};
  for (const path of Object.keys(document.paths)) {
    if (!/^\/(v1|health|metrics|pay|openapi\.json)/.test(path)) delete document.paths[path];
  }
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item as Record<string, Operation>)) {
      const found = handlers.get(operation.operationId);
      if (found) complete(operation, found, path, method, schemas as Record<string, JsonSchema>);
    }
  }
  const { Buffer: _, ...named } = schemas;
  document.components = { ...document.components, schemas: { ...named, Problem: PROBLEM_SCHEMA } };
  return document;
}

/** `ordersCancel` → `Orders cancel`, where a route says nothing better. */
function inWords(id: string): string {
  const words = id.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `OrdersController.cancel` → `ordersCancel`. */
function operationId(controller: string, method: string): string {
  const name = controller.replace(/Controller$/, '');
  return name.charAt(0).toLowerCase() + name.slice(1) + method.charAt(0).toUpperCase() + method.slice(1);
}

function complete(
  operation: Operation,
  { controller, handler }: Handler,
  path: string,
  method: string,
  schemas: Record<string, JsonSchema>,
): void {
  const access = accessOf(handler, controller);
  const scoped = typeof access === 'object';
  const headers = (Reflect.getMetadata(HEADERS, handler) ?? []) as HeaderName[];
  const says = (Reflect.getMetadata(SAYS, handler) ?? {}) as { summary?: string; description?: string };
  const about = [says.description, scoped && `Scope: \`${access.scope}\`.`].filter(Boolean).join(' ');
  operation['tags'] = [path.split('/')[path.startsWith('/v1/') ? 2 : 1] ?? 'other'];
  operation['summary'] = says.summary ?? inWords(operation.operationId);
  if (about) operation['description'] = about;
  operation['security'] = scoped ? [{ api_key: [] }] : [];
  const signed = bodyName(operation.requestBody) === 'Buffer';
  const wanted = [
    ...headers.map((name) => HEADER_PARAMETERS[name]),
    ...(signed ? [HEADER_PARAMETERS['Stripe-Signature']] : []),
    ...(scoped ? [HEADER_PARAMETERS['Quittance-Store']] : []),
    ...(scoped && method === 'get' ? [HEADER_PARAMETERS['Quittance-Position']] : []),
  ];
  const named = (operation.parameters ?? []).filter((parameter) => parameter.in !== 'header');
  operation.parameters = [...unread(path, named), ...named, ...wanted];
  const codes = problemsOf(operation, handler, access, headers, method);
  if (operation.requestBody) operation.requestBody = bodyOf(operation.requestBody, schemas);
  operation['responses'] = merged(answersOf(handler, method, scoped, schemas), problemResponses(codes));
}

/** A body may be left out where nothing in it is required. Its optional fields may be null. */
function bodyOf(body: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema {
  const name = bodyName(body);
  if (name === 'Buffer') return { required: true, content: { 'application/json': { schema: STRIPE_EVENT } } };
  const schema = name === undefined ? undefined : schemas[name];
  if (!name || !schema) return body;
  schemas[name] = withNulls(schema);
  return { ...body, required: Array.isArray(schema['required']) && schema['required'].length > 0 };
}

function bodyName(body: JsonSchema | undefined): string | undefined {
  const content = body?.['content'] as Record<string, { schema: JsonSchema }> | undefined;
  const reference = content?.['application/json']?.schema['$ref'];
  return typeof reference === 'string' ? reference.split('/').at(-1) : undefined;
}

/** A status may be both an answer and a problem: `503` of a health check. */
function merged(answers: Record<string, JsonSchema>, problems: Record<string, JsonSchema>) {
  const both = Object.keys(answers).filter((status) => problems[status]);
  const joined = both.map((status) => {
    const content = { ...(problems[status]?.['content'] ?? {}), ...(answers[status]?.['content'] ?? {}) };
    return [status, { ...answers[status], content }] as const;
  });
  return { ...answers, ...problems, ...Object.fromEntries(joined) };
}

/** Path parameters that no handler reads are there all the same. */
function unread(path: string, named: readonly Parameter[]): Parameter[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const missing = names.filter((name) => !named.some((parameter) => parameter.name === name));
  return missing.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
}

function answersOf(
  handler: object,
  method: string,
  scoped: boolean,
  schemas: Record<string, JsonSchema>,
): Record<string, JsonSchema> {
  const kinds = (Reflect.getMetadata(ANSWERS, handler) ?? []) as AnswerKind[];
  const headers = {
    'Request-Id': RESPONSE_HEADERS['Request-Id'],
    ...(scoped && method !== 'get' && { 'Quittance-Position': RESPONSE_HEADERS['Quittance-Position'] }),
  };
  const answers: Record<string, JsonSchema> = {};
  for (const { status, schema, says, media } of kinds) {
    const before = answers[status] ?? { description: says || 'Done.', headers };
    const content = { ...(before['content'] ?? {}), ...contentOf(schema, media, schemas) };
    answers[status] = { ...before, ...(Object.keys(content).length > 0 && { content }) };
  }
  if (kinds.length > 0) return answers;
  return { 200: { description: 'Done.', headers } };
}

function contentOf(schema: z.ZodType | null, media: string | undefined, schemas: Record<string, JsonSchema>) {
  if (schema === null) return {};
  const { schema: out, components } = convert(schema, 'output');
  Object.assign(schemas, components);
  return { [media ?? 'application/json']: { schema: out } };
}

/** What the route declares, and what follows from how it is called. */
function problemsOf(
  { requestBody, parameters = [] }: Operation,
  handler: object,
  access: Access | undefined,
  headers: readonly HeaderName[],
  method: string,
): ReadonlySet<RefusalCode> {
  const own = (Reflect.getMetadata(REFUSALS, handler) ?? []) as RefusalCode[];
  const implied: [boolean, RefusalCode[]][] = [
    [true, ['card_number_refused', 'rate_limited', 'internal_error', 'overloaded']],
    [typeof access === 'object', ['unauthenticated', 'forbidden_scope', 'store_required', 'not_found']],
    [typeof access === 'object' && method === 'get', ['read_model_behind']],
    [parameters.length > 0 || requestBody !== undefined, ['validation_failed']],
    [parameters.some(({ name }) => name === 'starting_after'), ['invalid_cursor']],
    [
      !['get', 'head'].includes(method),
      ['malformed_json', 'body_too_large', 'unsupported_media_type', 'validation_failed'],
    ],
    [
      headers.includes('Idempotency-Key'),
      ['idempotency_key_required', 'idempotency_key_reused', 'idempotency_in_progress'],
    ],
    [headers.includes('If-Match'), ['revision_mismatch']],
  ];
  return new Set([...own, ...implied.flatMap(([applies, codes]) => (applies ? codes : []))]);
}

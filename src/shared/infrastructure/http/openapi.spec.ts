import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { anEdge, type Edge } from '../../../../test/support/an-edge.js';
import { faultsInDocument } from '../../../../test/support/openapi-rules.js';
import { PROBLEM_CODES } from './problems.js';

type Doc = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: object };
};
type Operation = {
  operationId: string;
  summary?: string;
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  responses: Record<
    string,
    { content?: Record<string, { schema: object; examples?: object }>; headers?: object }
  >;
  requestBody?: { content: Record<string, { schema: object }> };
  security: object[];
};

let edge: Edge;
let doc: Doc;
beforeAll(async () => {
  edge = await anEdge();
  doc = (await edge.call('GET', '/openapi.json')).body;
});
afterAll(() => edge.app.close());

const operation = (path: string, method: string) => doc.paths[path]?.[method] as Operation;

describe('the API’s description', () => {
  test('is a valid OpenAPI 3.1 document', () => expect(faultsInDocument(doc)).toEqual([]));

  test('finds faults where there are some', () => {
    const broken = structuredClone(doc);
    Object.assign(operation('/v1/lamps', 'post'), { operationId: 'lampsList' });
    Object.assign(broken.components.schemas, {
      Bad: { type: 'string', nullable: true, exclusiveMinimum: true },
    });
    Object.assign(broken.paths, { '/x/{id}': { get: { operationId: 'lampsList', responses: {} } } });
    expect(faultsInDocument(broken).length).toBeGreaterThan(4);
    Object.assign(operation('/v1/lamps', 'post'), { operationId: 'lampsMake' });
  });

  test('names each call after what it does', () => {
    expect(operation('/v1/lamps', 'post').summary).toBe('Make a lamp');
    expect(operation('/v1/lamps/{id}', 'get').operationId).toBe('lampsGet');
  });

  test('says which key a call needs, and that some need none', () => {
    expect(operation('/v1/lamps', 'get').security).toEqual([{ api_key: [] }]);
    expect(operation('/health/live', 'get').security).toEqual([]);
    expect(doc.components.securitySchemes).toHaveProperty('api_key.scheme', 'bearer');
  });

  test('lists parameters and headers', () => {
    const names = (path: string, method: string) =>
      operation(path, method).parameters.map(({ name }) => name);
    expect(names('/v1/lamps', 'get')).toEqual([
      'limit',
      'starting_after',
      'ending_before',
      'created_at[gte]',
      'created_at[gt]',
      'created_at[lte]',
      'created_at[lt]',
      'colour',
      'Quittance-Store',
      'Quittance-Position',
    ]);
    expect(names('/v1/lamps', 'post')).toEqual(['Idempotency-Key', 'Quittance-Store']);
    expect(names('/v1/lamps/{name}', 'put')).toEqual(['name', 'If-Match', 'Quittance-Store']);
  });

  test('shows bodies and answers with their examples', () => {
    const { requestBody, responses } = operation('/v1/lamps', 'post');
    expect(requestBody?.content['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/NewLamp',
    });
    expect(responses['201']?.content?.['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/Lamp',
    });
    expect(responses['202']).toHaveProperty('description', 'It will be made.');
    expect(JSON.stringify(doc.components.schemas['NewLamp'])).toContain('"Desk lamp"');
  });

  test('names every problem of a call, as problem+json', () => {
    const { responses } = operation('/v1/lamps', 'post');
    const codes = Object.entries(responses).flatMap(([status, { content }]) => {
      const examples = content?.['application/problem+json']?.examples ?? {};
      return Object.keys(examples).map((code) => `${status} ${code}`);
    });
    expect(codes.sort()).toEqual([
      '400 idempotency_key_required',
      '400 malformed_json',
      '400 store_required',
      '401 unauthenticated',
      '403 forbidden_scope',
      '404 not_found',
      '409 idempotency_in_progress',
      '409 order_settled',
      '413 body_too_large',
      '415 unsupported_media_type',
      '422 card_number_refused',
      '422 idempotency_key_reused',
      '422 validation_failed',
      '429 rate_limited',
      '500 internal_error',
      '503 overloaded',
    ]);
    expect(doc.components.schemas['Problem']).toHaveProperty(
      'properties.code.enum',
      [...PROBLEM_CODES].sort(),
    );
  });

  test('holds for what is really answered', async () => {
    const { body } = await edge.call('GET', '/v1/lamps/lamp_1', { authorization: 'Bearer qk_test_reader' });
    const { body: problem } = await edge.call('GET', '/v1/lamps');
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    expect(ajv.compile(doc.components.schemas['Lamp'] as object)(body)).toBe(true);
    expect(ajv.compile(doc.components.schemas['Problem'] as object)(problem)).toBe(true);
  });

  test('can be read by people, with nothing loaded from elsewhere', async () => {
    const page = await edge.call('GET', '/docs');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link);
    expect(links).toHaveLength(4);
    for (const link of links) expect((await edge.call('GET', link)).status).toBe(200);
    expect((await edge.call('GET', '/docs/..%2Fpackage.json')).status).toBe(404);
    expect((await edge.call('GET', '/docs/constructor')).status).toBe(404);
  });
});

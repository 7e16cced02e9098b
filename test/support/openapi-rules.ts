import { Ajv2020 } from 'ajv/dist/2020.js';

type Json = Record<string, unknown>;
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** What of OpenAPI 3.1 can be checked without asking anybody; `[]` for a document in order. */
export function faultsInDocument(document: unknown): string[] {
  const doc = document as Json & { paths: Record<string, Json>; components?: { schemas?: Json } };
  const found: string[] = [];
  if (!/^3\.1\.\d+$/.test(String(doc['openapi']))) found.push('openapi: not 3.1');
  walk(doc, '#', (node, at) => found.push(...faultsInNode(node, at, doc)));
  const ids = new Set<unknown>();
  for (const [path, item] of Object.entries(doc.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const at = `${method} ${path}`;
      if (!METHODS.includes(method)) found.push(`${at}: no such method`);
      else found.push(...faultsInOperation(operation as Json, path, at, ids));
    }
  }
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  for (const [name, schema] of Object.entries(doc.components?.schemas ?? {})) {
    if (!ajv.validateSchema(schema as object)) found.push(`schema ${name}: ${ajv.errorsText()}`);
  }
  return found;
}

function faultsInNode(node: Json, at: string, doc: Json): string[] {
  const found: string[] = [];
  if (typeof node['nullable'] === 'boolean') found.push(`${at}: nullable is of 3.0`);
  for (const bound of ['exclusiveMinimum', 'exclusiveMaximum']) {
    if (typeof node[bound] === 'boolean') found.push(`${at}: boolean ${bound} is of 3.0`);
  }
  const { $ref } = node;
  if (typeof $ref === 'string' && target(doc, $ref) === undefined) found.push(`${at}: ${$ref} leads nowhere`);
  return found;
}

function faultsInOperation(operation: Json, path: string, at: string, ids: Set<unknown>): string[] {
  const found: string[] = [];
  const { operationId, responses, parameters = [], security } = operation;
  if (typeof operationId !== 'string' || ids.has(operationId)) found.push(`${at}: no operationId of its own`);
  ids.add(operationId);
  if (!Array.isArray(security)) found.push(`${at}: does not say who may call it`);
  const answers = Object.entries((responses ?? {}) as Record<string, Json>);
  if (answers.length === 0) found.push(`${at}: no responses`);
  for (const [status, response] of answers) {
    if (!/^([1-5]\d\d|default)$/.test(status)) found.push(`${at}: ${status} is no status`);
    if (typeof response['description'] !== 'string') found.push(`${at} ${status}: no description`);
    const types = Object.keys((response['content'] ?? {}) as Json);
    if (Number(status) >= 400 && !types.includes('application/problem+json')) {
      found.push(`${at} ${status}: not a problem`);
    }
  }
  const named = parameters as { name: string; in: string; required?: boolean; schema?: unknown }[];
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const declared = named.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
  if (inPath.sort().join() !== declared.sort().join()) found.push(`${at}: path and its parameters differ`);
  for (const { name, in: where, required, schema } of named) {
    if (where === 'path' && required !== true) found.push(`${at}: ${name} is in the path and not required`);
    if (!schema) found.push(`${at}: parameter ${name} has no schema`);
  }
  if (new Set(named.map(({ name, in: where }) => `${where} ${name}`)).size !== named.length) {
    found.push(`${at}: a parameter is there twice`);
  }
  return found;
}

function walk(value: unknown, at: string, visit: (node: Json, at: string) => void): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) walk(item, `${at}/${index}`, visit);
  } else if (typeof value === 'object' && value !== null) {
    visit(value as Json, at);
    for (const [key, member] of Object.entries(value)) {
      if (!['example', 'examples', 'default', 'enum', 'const'].includes(key))
        walk(member, `${at}/${key}`, visit);
    }
  }
}

function target(doc: Json, ref: string): unknown {
  const steps = ref
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce<unknown>((node, step) => (node as Json | undefined)?.[step], doc);
}

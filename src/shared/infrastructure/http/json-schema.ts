import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;
export type Converted = Readonly<{ schema: JsonSchema; components: Record<string, JsonSchema> }>;

/**
 * A zod schema as JSON Schema 2020-12, which is what OpenAPI 3.1 speaks. Named parts become components.
 * A part that reads differently than it writes is described twice, the reading one as `…Input`.
 */
export function convert(schema: z.ZodType, direction: 'input' | 'output'): Converted {
  const there = raw(schema, direction);
  if (direction === 'output') return withComponents(there, (name) => name);
  const { $defs: back = {} } = raw(schema, 'output');
  const same = (name: string) => JSON.stringify(there.$defs?.[name]) === JSON.stringify(back[name]);
  return withComponents(there, (name) => (same(name) ? name : `${name}Input`));
}

type Raw = JsonSchema & { $defs?: Record<string, JsonSchema> };

function raw(schema: z.ZodType, io: 'input' | 'output'): Raw {
  return z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      const json = jsonSchema as JsonSchema;
      // zod leaves the example of a part out where that part reads differently than it writes; ours are of what is sent.
      const { examples } = z.globalRegistry.get(zodSchema) ?? {};
      if (examples) json['examples'] = examples;
      if (json['format'] === 'date-time' || json['format'] === 'date' || json['format'] === 'email')
        delete json['pattern'];
      if (json['maximum'] === Number.MAX_SAFE_INTEGER) delete json['maximum'];
      if (json['minimum'] === Number.MIN_SAFE_INTEGER) delete json['minimum'];
      // More fields may be added to any answer: only what refuses unknown fields says so.
      if (def.type === 'object' && !(def as { catchall?: unknown }).catchall)
        delete json['additionalProperties'];
      const { discriminator } = def as { discriminator?: string };
      if (def.type === 'union' && discriminator) json['discriminator'] = { propertyName: discriminator };
    },
  }) as Raw;
}

/** Classes of characters spelled out, for regular expressions that know no `\\p{…}`; UTF-8 holds no lone surrogates. */
function portable(pattern: string): string {
  return pattern
    .replaceAll('\\0', '\\u0000')
    .replaceAll('\\p{Cc}', '\\u0000-\\u001f\\u007f-\\u009f')
    .replaceAll('\\p{Cs}', '');
}

/** A request may say `null` for what it leaves out: every field of a body that need not be there. */
export function withNulls(schema: JsonSchema): JsonSchema {
  const { properties, required = [], items, anyOf } = schema;
  const inner = {
    ...(isSchema(items) && { items: withNulls(items) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map(withNulls) }),
  };
  if (!isSchema(properties)) return { ...schema, ...inner };
  const fields = Object.entries(properties as Record<string, JsonSchema>).map(([name, field]) => {
    const whole = withNulls(field);
    return [name, (required as string[]).includes(name) || takesNull(whole) ? whole : orNull(whole)] as const;
  });
  return { ...schema, ...inner, properties: Object.fromEntries(fields) };
}

function takesNull({ anyOf, type }: JsonSchema): boolean {
  return (
    [type].flat().includes('null') ||
    (Array.isArray(anyOf) && anyOf.some((one) => isSchema(one) && takesNull(one)))
  );
}

function orNull({ description, examples, default: fallback, ...schema }: JsonSchema): JsonSchema {
  const told = { description, examples, default: fallback };
  const kept = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
  return { anyOf: [schema, { type: 'null' }], ...kept };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withComponents(found: Raw, nameOf: (name: string) => string): Converted {
  const { $defs = {}, $schema: _, ...schema } = found;
  const point = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(point);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => {
        if (key === 'pattern' && typeof member === 'string') return [key, portable(member)];
        return key === '$ref' && typeof member === 'string' && member.startsWith('#/$defs/')
          ? [key, `#/components/schemas/${nameOf(member.slice('#/$defs/'.length))}`]
          : [key, point(member)];
      }),
    );
  };
  const components = Object.entries($defs).map(([name, part]) => {
    const { id: __, ...rest } = point(part) as JsonSchema;
    return [nameOf(name), rest] as const;
  });
  return { schema: point(schema) as JsonSchema, components: Object.fromEntries(components) };
}

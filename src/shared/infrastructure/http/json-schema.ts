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

function withComponents(found: Raw, nameOf: (name: string) => string): Converted {
  const { $defs = {}, $schema: _, ...schema } = found;
  const point = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(point);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) =>
        key === '$ref' && typeof member === 'string' && member.startsWith('#/$defs/')
          ? [key, `#/components/schemas/${nameOf(member.slice('#/$defs/'.length))}`]
          : [key, point(member)],
      ),
    );
  };
  const components = Object.entries($defs).map(([name, part]) => {
    const { id: __, ...rest } = point(part) as JsonSchema;
    return [nameOf(name), rest] as const;
  });
  return { schema: point(schema) as JsonSchema, components: Object.fromEntries(components) };
}

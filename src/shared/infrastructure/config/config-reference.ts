import { z } from 'zod';
import { Environment } from './environment.js';

type Property = Readonly<{ description?: string; default?: unknown; enum?: readonly unknown[] }>;

/** `docs/reference/config.md`, out of the schema. A test fails when the file says something else. */
export function configReference(): string {
  const { properties = {} } = z.toJSONSchema(Environment, { io: 'input', unrepresentable: 'any' });
  const rows = Object.entries(properties as Record<string, Property>).map(
    ([name, { description = '', default: fallback, enum: values }]) => {
      const choice = values ? ` One of ${values.map((value) => `\`${value}\``).join(', ')}.` : '';
      return `| \`${name}\` | ${fallback === undefined ? '' : `\`${fallback}\``} | ${description}${choice} |`;
    },
  );
  return `# Settings

Read from the environment when the server starts, and nowhere else. Nothing needs to be set: without settings
Quittance runs with a Stripe sandbox and a mail inbox of its own. A setting that makes no sense keeps the server
from starting; the message names all of them at once and shows no values. An empty value is one that is left out.

| name | left out | meaning |
|---|---|---|
${rows.join('\n')}

Generated from \`src/shared/infrastructure/config/environment.ts\`: \`UPDATE_DOCS=1 npm test -- config-reference\` writes it anew.
`;
}

import type { Config } from '../shared/infrastructure/config/config.js';

/** What a newcomer needs next: where everything is, and the key that opens it, shown this once. */
export function greet(
  config: Config,
  embedded: readonly Readonly<{ name: string; url: string }>[],
  newKey: string | undefined,
  ms: number,
): void {
  const places = [
    ['API', `${config.publicUrl}/v1`],
    ['API reference', `${config.publicUrl}/docs`],
    ...embedded.map(({ name, url }) => [name, url]),
    ...(newKey ? [['API key', `${newKey}   (shown this once; it opens everything)`]] : []),
  ];
  const width = Math.max(...places.map(([name]) => name?.length ?? 0));
  const lines = places.map(([name, value]) => `  ${name?.padEnd(width)}  ${value}`);
  process.stdout.write(`\nQuittance is ready (${(ms / 1000).toFixed(1)} s)\n${lines.join('\n')}\n\n`);
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { boundText, type Figure } from './measure.js';

const FILE = 'test/performance/accepted-figures.md';
const ROW = /^\| (?<name>[^|]+?) \| (?<ratio>[\d.-]+) \|/;

/** Writes the figures down as those that later runs are compared with. */
export function accept(figures: readonly Figure[]): void {
  const rows = figures.map((figure) => {
    const { name, ratio, detail } = figure;
    return `| ${name} | ${ratio.toFixed(2)} | ${boundText(figure)} | ${detail} |`;
  });
  const text = `# Accepted figures

Written by \`npm run bench -- --accept\`, on Node ${process.version} and ${cpus().length} cores. Each figure is a ratio to its floor,
measured in turns in one run; what was measured is true of that machine on that day only.

| figure | ratio | bound | measured |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
  writeFileSync(FILE, text);
}

/** Ratios by name. */
export function accepted(): ReadonlyMap<string, number> {
  const lines = existsSync(FILE) ? readFileSync(FILE, 'utf8').split('\n') : [];
  const rows = lines.map((line) => ROW.exec(line)?.groups);
  return new Map(rows.flatMap((row) => (row ? [[row['name'] ?? '', Number(row['ratio'])] as const] : [])));
}

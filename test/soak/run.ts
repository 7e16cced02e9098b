import { parseArgs } from 'node:util';
import { type SoakReport, soak } from './soak.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    orders: { type: 'string', default: '200' },
    'kills-per-minute': { type: 'string', default: '1' },
    kills: { type: 'string', default: '0' },
    faults: { type: 'string', default: '0.1' },
    seed: { type: 'string', default: '1' },
  },
});
const terms = {
  minutes: Number(values.minutes),
  orders: Number(values.orders),
  killsPerMinute: Number(values['kills-per-minute']),
  kills: Number(values.kills),
  faults: Number(values.faults),
  seed: Number(values.seed),
};

const say = (line: string) => process.stdout.write(`${line}\n`);
say(`A soak of ${terms.minutes} minutes: ${JSON.stringify(terms)}`);
const report = await soak(terms, say);
tell(report);
process.exitCode = report.broken.length > 0 ? 1 : 0;

function tell({ figures, answers, struck, broken }: SoakReport): void {
  const rows = (title: string, pairs: Iterable<readonly [string, number]>) => {
    say(`\n${title}`);
    for (const [name, count] of [...pairs].sort(([a], [b]) => a.localeCompare(b, 'en')))
      say(`  ${name.padEnd(36)} ${String(count).padStart(8)}`);
  };
  rows('What happened', Object.entries(figures));
  rows('What was answered', answers);
  rows('What went wrong on purpose', struck);
  if (broken.length === 0) say('\nEvery invariant holds.');
  for (const { name, by } of broken) {
    say(`\nBROKEN: ${name}`);
    for (const why of by.slice(0, 20)) say(`  ${why}`);
    if (by.length > 20) say(`  … and ${by.length - 20} more`);
  }
}

import 'reflect-metadata';
import { accept, accepted } from './accepted.js';
import { charges } from './app-charges.js';
import { intake } from './app-intake.js';
import { orders } from './app-orders.js';
import { starts } from './app-start.js';
import { appends, reactions } from './engine-log.js';
import { keepingUp, pages, replays } from './engine-rows.js';
import { boundText, type Figure, inFolder, isKept } from './measure.js';

/** In this order: each finds in the folder what those before it left. */
const parts = [charges, intake, orders, starts, appends, reactions, replays, keepingUp, pages];

const begun = performance.now();
const before = accepted();
const figures: Figure[] = [];

/** One line of the table, told as soon as it is known. */
function tell(figure: Figure): void {
  const { name, ratio, detail } = figure;
  const known = before.get(name);
  const change = known ? `${(100 * (ratio / known - 1)).toFixed(0)} %` : 'new';
  const columns = [
    name.padEnd(66),
    ratio.toFixed(2).padStart(6),
    boundText(figure).padStart(8),
    isKept(figure) ? ' ok ' : 'LOST',
    change.padStart(6),
    ` ${detail}`,
  ];
  process.stdout.write(`${columns.join(' ')}\n`);
}

await inFolder(async (folder) => {
  for (const part of parts) {
    await part(folder, (name, ratio, bound, detail) => {
      const figure = { name, ratio, bound, detail };
      figures.push(figure);
      tell(figure);
    });
  }
});
const lost = figures.filter((figure) => !isKept(figure));
process.stdout.write(
  `${lost.length} of ${figures.length} lost, ${Math.round((performance.now() - begun) / 1_000)} s\n`,
);
if (process.argv.includes('--accept')) accept(figures);
process.exitCode = lost.length > 0 ? 1 : 0;

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One line of the table: a ratio measured in this run, and the bound it has to keep. */
export type Figure = Readonly<{
  name: string;
  ratio: number;
  bound: Readonly<{ atLeast: number } | { atMost: number }>;
  detail: string;
}>;

export type Note = (name: string, ratio: number, bound: Figure['bound'], detail: string) => void;

const ROUNDS = 3;

/** Runs both in turns, three times, and compares their medians: noise of the machine meets both alike. */
export async function compare(
  one: () => Promise<number>,
  other: () => Promise<number>,
): Promise<Readonly<{ one: number; other: number; ratio: number }>> {
  const ones: number[] = [];
  const others: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ones.push(await one());
    others.push(await other());
  }
  const [a, b] = [median(ones), median(others)];
  return { one: a, other: b, ratio: a / b };
}

/** How many per second. */
export async function rate(count: number, work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return (count * 1_000) / (performance.now() - begun);
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function isKept({ ratio, bound }: Figure): boolean {
  return 'atLeast' in bound ? ratio >= bound.atLeast : ratio <= bound.atMost;
}

export function boundText({ bound }: Figure): string {
  return 'atLeast' in bound ? `>= ${bound.atLeast}` : `<= ${bound.atMost}`;
}

export const perSecond = (value: number) => `${Math.round(value).toLocaleString('en-US')}/s`;

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { compare, type Note } from './measure.js';
import { bareNest, type Server, theProduct } from './processes.js';

const IDLE_AFTER_MS = 1_000;

/** From nothing to ready, and what is held when nothing happens, beside the same framework with one route. */
export async function starts(folder: string, figure: Note): Promise<void> {
  const readyMs = (start: () => Promise<Server>) => async () => {
    const server = await start();
    await server.end();
    return server.readyMs;
  };
  const empty = () => theProduct(join(folder, randomUUID()));
  const full = () => theProduct(join(folder, 'orders'));
  await readyMs(full)();
  const first = await compare(readyMs(empty), readyMs(bareNest));
  figure(
    'ready after a cold start on no data / bare Nest with one route',
    first.ratio,
    { atMost: 3 },
    `${Math.round(first.one)} ms / ${Math.round(first.other)} ms`,
  );
  const again = await compare(readyMs(full), readyMs(empty));
  figure(
    'ready after a cold start on 20k orders / on no data',
    again.ratio,
    { atMost: 1.5 },
    `${Math.round(again.one)} ms / ${Math.round(again.other)} ms`,
  );
  const idle = (start: () => Promise<Server>) => async () => {
    const server = await start();
    await new Promise((resolve) => setTimeout(resolve, IDLE_AFTER_MS));
    const bytes = await server.tells<number>('how much memory?');
    await server.end();
    return bytes / 1_000_000;
  };
  const held = await compare(idle(empty), idle(bareNest));
  figure(
    'memory held idle / bare Nest with one route',
    held.ratio,
    { atMost: 2.5 },
    `${Math.round(held.one)} MB / ${Math.round(held.other)} MB`,
  );
}

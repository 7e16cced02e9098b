import { join } from 'node:path';
import type { RunningApp } from './running-app.js';
import { ownerOf } from './sandbox-owner.js';

/** What Node is started with where time is to pass. */
export const movableClock = ['--import', join(import.meta.dirname, 'moved-clock.mjs')];

/** Time passes for a product with a movable clock, and for the Stripe beside it. */
export async function pass(app: RunningApp, ms: number): Promise<void> {
  const moved = new Promise((resolve) => app.listen(resolve));
  app.send({ forwardMs: ms });
  await moved;
  // The sandbox's alarms are set by real time: it is to look at its clock now.
  await ownerOf(app).advance(0);
}

import { Logger } from '@nestjs/common';
import { RequestReconciliation } from '../../src/modules/reconciliation/application/commands/request-reconciliation.command.js';
import { onOurOwn } from '../../src/shared/application/context.js';
import { restingRun } from './invariants/books.js';
import { Violation } from './invariants/violation.js';
import { simulatedStores } from './twins/simulated.store-directory.js';
import { letPeopleAct } from './workload/workload.js';
import type { Surgery } from './world/surgery.js';
import { World } from './world/world.js';

// What a sweep could not look at is of no interest here.
Logger.overrideLogger(false);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Once nothing goes wrong any more, all that was begun ends within this time: a page lives an hour. */
const ENDS_WITHIN_MS = 6 * HOUR;
/** Or in this time after Stripe's own last change: a page that a wrong clock asked for may live a day. */
const ENDS_AFTER_STRIPE_MS = HOUR;
const MAIL_ENDS_WITHIN_MS = 80 * HOUR;

export type Outcome = Readonly<{
  seed: number;
  /** The same for every run of this seed. */
  digest: string;
  steps: number;
  coverage: readonly (readonly [fault: string, times: number])[];
  /** What was broken, under the name of its invariant; null where nothing was. */
  broken: Readonly<{ invariant: string; what: string }> | null;
  story: readonly string[];
}>;

/** A bug that is planted for one run: a cut into the wiring, or a rule that is taken out until `undo`. */
export type Planted = Readonly<{ surgery?: Surgery; plant?: () => () => void }>;

/** One world from its first moment to its rest. */
export async function runSeed(seed: number, planted: Planted = {}, isStoryKept = false): Promise<Outcome> {
  // Where an error came from is of interest only to who reads the story, and costs much.
  Error.stackTraceLimit = isStoryKept ? 30 : 0;
  const undo = planted.plant?.();
  const world = new World(seed, planted.surgery, isStoryKept);
  let broken: Outcome['broken'] = null;
  try {
    await live(world);
  } catch (error) {
    broken = brokenBy(error);
  } finally {
    undo?.();
  }
  const { stripe, coverage, trace, disk, kernel } = world;
  if (stripe.keys.pruned > 0) coverage.count('F3 key pruned', stripe.keys.pruned);
  trace.mix(disk.log.map(({ hash }) => hash.slice(0, 8)).join(), disk.head);
  return {
    seed,
    digest: trace.digest,
    steps: kernel.steps,
    coverage: [...coverage.counts],
    broken,
    story: trace.story,
  };
}

async function live(world: World): Promise<void> {
  const { kernel, invariants } = world;
  world.boot();
  letPeopleAct(world);
  const { minutes, outage, disconnection } = world.swarm();
  const outageEnds = outage ? outage.fromMinute * MINUTE + outage.hours * HOUR : 0;
  // Who disconnects a store may have to ask for it some times.
  const connected = disconnection ? disconnection.fromMs + (disconnection.minutes + 25) * MINUTE : 0;
  await kernel.run(kernel.now + Math.max(minutes * MINUTE, outageEnds, connected) + 5 * MINUTE);

  world.heal();
  const { liveness } = invariants;
  await runUntil(world, ENDS_WITHIN_MS, () => liveness.unfinished());
  if (world.swarm().reconciles) await reconciled(world);
  await kernel.run(kernel.now + 40 * MINUTE);
  await runUntil(world, MAIL_ENDS_WITHIN_MS, () => liveness.unsent());
  // Late news may have begun something: a page that was asked for is opened, and ends in its own time.
  await runUntil(world, ENDS_WITHIN_MS, () => liveness.unfinished());
  await settled(world);
  await invariants.atRest();
}

/** Lets time pass until nothing is left to do. What is left at the end, the liveness checker tells. */
async function runUntil(world: World, withinMs: number, left: () => readonly string[]): Promise<void> {
  const { kernel, stripe } = world;
  const end = kernel.now + withinMs;
  const isTimeLeft = () => kernel.now < Math.max(end, stripe.changesUntil + ENDS_AFTER_STRIPE_MS);
  while (isTimeLeft() && left().length > 0) await kernel.run(kernel.now + 10 * MINUTE);
}

/** Both books of every store are compared once more, over all that ever happened. */
async function reconciled(world: World): Promise<void> {
  const { kernel, invariants } = world;
  const asked = simulatedStores.map(({ id: store }) => {
    const about = { ...onOurOwn('sweep', `at rest ${store}`), store };
    const request = new RequestReconciliation(restingRun(store), store, world.lifetime, 'api', about, 0);
    return world.someNode().ask((app) => app.bus.execute(request));
  });
  await kernel.run(kernel.now + 10 * MINUTE);
  await Promise.all(asked);
  await runUntil(world, ENDS_WITHIN_MS, () => invariants.liveness.unfinished());
}

/** All readers have seen all there is, and are stuck at nothing. A day may end in the very moment of a look. */
async function settled(world: World, looksLeft = 3): Promise<void> {
  for (const node of world.nodes) {
    let status: readonly Readonly<{ name: string; lag: number; parked: number }>[] = [];
    const asked = node
      .ask((app) => app.subscriptions.status())
      .then((reply) => {
        if (reply.kind === 'answer') status = reply.value;
      });
    await world.kernel.run(world.kernel.now + MINUTE);
    await asked;
    for (const { name, lag, parked } of status) {
      if (lag > 0 && looksLeft > 0) return settled(world, looksLeft - 1);
      if (lag > 0)
        throw new Violation('I10 everything ends', `${name} of ${node.name} is ${lag} events behind`);
      if (parked > 0)
        throw new Violation('I10 everything ends', `${name} of ${node.name} has parked ${parked} events`);
    }
  }
}

function brokenBy(error: unknown): Outcome['broken'] {
  if (error instanceof Violation) return { invariant: error.invariant, what: error.what };
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { invariant: 'the code under test threw', what };
}

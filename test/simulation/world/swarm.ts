import type { Random } from '../kernel/random.js';
import { RIGHTS, type Right } from '../twins/stripe-rights.js';

/** What is wrong with the world in one run. Rates are shares of calls; each is drawn anew for each seed. */
export type Swarm = Readonly<{
  nodes: 1 | 2;
  /** Whether both nodes keep one read model between them, or each its own. */
  sharedRows: boolean;
  sweepEveryMs: number;
  /** Timers wake on marks this far apart. */
  coarseMs: number;
  stripe: Readonly<{
    requestLost: number;
    answerLost: number;
    /** The caller gives up; the effect comes later. */
    slow: number;
    storedFailure: number;
  }>;
  webhooks: Readonly<{ lost: number; doubled: number; latestMs: number }>;
  crashes: Readonly<{ rate: number; most: number; longestDownMs: number; rowsLost: number }>;
  /** Stripe is out of our reach, or all our nodes are off, for so many hours from minute `from` on. */
  outage: Readonly<{ kind: 'stripe' | 'nodes'; fromMinute: number; hours: number }> | null;
  log: Readonly<{ inDoubt: number; away: number }>;
  rows: Readonly<{ away: number }>;
  mail: Readonly<{ away: number; answerLost: number; refused: number }>;
  /** How far a node's clock may jump, in ms. */
  clockJumpMs: number;
  /** How much there is of forgery, and of money on its way back, beside ordinary trade. */
  people: Readonly<{ forged: number; moneyBack: number }>;
  /** Minutes in which people act. */
  minutes: number;
  orders: number;
  actions: number;
  /** Whether our ledger is compared with Stripe's, by us day by day and by people in between. */
  reconciles: boolean;
  /** For so long Stripe does not take the key of one store. */
  keyRefused: Readonly<{ fromMinute: number; minutes: number }> | null;
  /** For so long one store is not connected: its merchant ended the connection here, or took our permission back at Stripe. */
  disconnection: Readonly<{
    kind: 'requested' | 'deauthorized';
    fromMs: number;
    minutes: number;
  }> | null;
  /** For so long the key of one store may not do something of what we need. */
  rightMissing: Readonly<{ right: Right; fromMs: number; minutes: number }> | null;
}>;

/** A rate up to `most`; nothing at all in `never` of the runs. */
function upTo(random: Random, most: number, never = 0.4): number {
  return random.happens(never) ? 0 : random.share() * most;
}

/** Mostly when people are busy. */
function inTheMidst(random: Random): number {
  return random.happens(0.7) ? random.between(5_000, 9_000) : random.between(0, 30 * MINUTE);
}

const MINUTE = 60_000;
const HOUR = 3_600_000;

export function drawSwarm(random: Random): Swarm {
  const nodes = random.happens(0.6) ? 2 : 1;
  const isOut = random.happens(0.12);
  const crashes = random.happens(0.3) ? 0 : random.between(1, 4);
  return {
    nodes,
    sharedRows: nodes === 2 && random.happens(0.5),
    sweepEveryMs: random.pick([60_000, 300_000, 900_000]),
    coarseMs: random.pick([15_000, 60_000, 120_000]),
    stripe: {
      requestLost: upTo(random, 0.15),
      answerLost: upTo(random, 0.3),
      slow: upTo(random, 0.1),
      storedFailure: upTo(random, 0.1),
    },
    webhooks: {
      lost: upTo(random, random.happens(0.2) ? 1 : 0.2, 0.3),
      doubled: upTo(random, 0.3),
      latestMs: random.pick([500, 5_000, 600_000, 2 * HOUR]),
    },
    crashes: {
      rate: upTo(random, 0.004, 0),
      most: crashes,
      longestDownMs: random.pick([1_000, 20_000, 900_000]),
      rowsLost: upTo(random, 0.5, 0.6),
    },
    outage: isOut
      ? {
          kind: random.pick(['stripe', 'nodes'] as const),
          fromMinute: random.between(1, 60),
          hours: random.between(25, 40),
        }
      : null,
    log: { inDoubt: upTo(random, 0.05), away: upTo(random, 0.03, 0.6) },
    rows: { away: upTo(random, 0.02, 0.7) },
    mail: { away: upTo(random, 0.5), answerLost: upTo(random, 0.2), refused: upTo(random, 0.2, 0.7) },
    clockJumpMs: random.happens(0.15) ? random.pick([-HOUR, HOUR, 24 * HOUR]) : 0,
    people: { forged: upTo(random, 3, 0.6), moneyBack: upTo(random, 2, 0.4) },
    minutes: random.pick([5, 30, 90]),
    orders: random.between(1, 3),
    actions: random.between(4, 16),
    reconciles: random.happens(0.4),
    keyRefused: random.happens(0.1)
      ? { fromMinute: random.between(0, 20), minutes: random.between(1, 120) }
      : null,
    disconnection: random.happens(0.12)
      ? {
          kind: random.pick(['requested', 'deauthorized'] as const),
          fromMs: inTheMidst(random),
          minutes: random.happens(0.3) ? random.between(25 * 60, 40 * 60) : random.between(1, 120),
        }
      : null,
    rightMissing: random.happens(0.2)
      ? { right: random.pick(RIGHTS), fromMs: inTheMidst(random), minutes: random.between(1, 120) }
      : null,
  };
}

/** The same world with nothing wrong any more. */
export function healed(swarm: Swarm): Swarm {
  return {
    ...swarm,
    coarseMs: 600_000,
    stripe: { requestLost: 0, answerLost: 0, slow: 0, storedFailure: 0 },
    webhooks: { ...swarm.webhooks, lost: 0, doubled: 0, latestMs: 5_000 },
    log: { inDoubt: 0, away: 0 },
    rows: { away: 0 },
    mail: { away: 0, answerLost: 0, refused: 0 },
    clockJumpMs: 0,
    outage: null,
    keyRefused: null,
    disconnection: null,
    rightMissing: null,
  };
}

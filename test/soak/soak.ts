import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CARDS } from '../../src/cli/tour/customer.js';
import { RunningApp } from '../support/running-app.js';
import { Acknowledged } from './acknowledged.js';
import { auditedByCommands } from './audit.js';
import { Clerk } from './clerk.js';
import { Dice } from './dice.js';
import { type Findings, findAll, foundMails } from './findings.js';
import { invariants } from './invariants.js';
import { type Case, orderLife, type SoakStore } from './order-life.js';
import { Reaper } from './reaper.js';
import { Surroundings } from './surroundings.js';

export type SoakTerms = Readonly<{
  minutes: number;
  orders: number;
  killsPerMinute: number;
  /** More orders come until the server was killed so often. */
  kills: number;
  /** How likely each kind of fault is, wherever it can strike. */
  faults: number;
  seed: number;
}>;

export type SoakReport = Readonly<{
  /** What was done and what was met, by name. */
  figures: Readonly<Record<string, number>>;
  answers: ReadonlyMap<string, number>;
  struck: ReadonlyMap<string, number>;
  /** Invariants that do not hold, each with what breaks it. */
  broken: readonly Readonly<{ name: string; by: readonly string[] }>[];
}>;

const clock = join(import.meta.dirname, '../support/moved-clock.mjs');
const STORES = 2;
/** What is left for the last order to come to its end: this part of the time, or so long at most. */
const LAST_LIFE = 0.25;
const LIFE_AT_MOST_MS = 180_000;
/** An outcome in doubt is known within so long once Stripe answers again. */
const KNOWN_WITHIN_MS = 60_000;
const SETTLED_WITHIN_MS = 120_000;
/** Nothing more follows where nothing has changed for so long. */
const QUIET_MS = 3_000;
/** Longer than a payment page lives and than any mail is put off by then. */
const NIGHT_MS = 26 * 3_600_000;

/**
 * The real server under load, faults and kills, with Stripe and the mail server beside it; then everything is well
 * again, a night passes, and every invariant is checked from outside.
 */
export async function soak(
  terms: SoakTerms,
  say: (line: string) => void = () => undefined,
): Promise<SoakReport> {
  const dice = new Dice(terms.seed);
  const surroundings = await Surroundings.start(terms.faults, dice);
  let app: RunningApp | undefined;
  try {
    app = await RunningApp.start(surroundings.env, ['--import', clock]);
    const report = await new Soak(terms, dice, surroundings, app, say).run();
    if (report.broken.length === 0) {
      await app.remove();
      app = undefined;
    }
    return report;
  } finally {
    await app?.kill();
    if (app) say(`What the server has written is kept in ${app.dataDir}.`);
    await surroundings.end();
  }
}

class Soak {
  private readonly told = new Acknowledged();
  private readonly owners = new Map<string, SoakStore>();
  /** The revisions of all orders when they were last looked at. */
  private seen: string[] = [];

  constructor(
    private readonly terms: SoakTerms,
    private readonly dice: Dice,
    private readonly around: Surroundings,
    private readonly app: RunningApp,
    private readonly say: (line: string) => void,
  ) {}

  async run(): Promise<SoakReport> {
    const { app, around, dice, say, told } = this;
    const stores = await this.#openStores();
    const reaper = new Reaper(app, this.terms, dice.of(3));
    if (this.terms.faults > 0) await around.rage(this.terms.faults, dice);
    reaper.begin();
    await this.#live(stores, reaper);
    await reaper.stop();
    const struck = await around.calm();
    say('Faults and kills have ended.');
    const knownMs = await this.#until('every outcome is known', KNOWN_WITHIN_MS, () =>
      this.#areOutcomesKnown(),
    );
    await this.#passNight();
    await this.#until('nothing is held and every mail is sent', SETTLED_WITHIN_MS, () =>
      this.#isSettled(stores),
    );
    const found = await findAll(stores, this.owners, around);
    await app.stop();
    const broken = [
      ...invariants.map(({ name, broken }) => ({ name, by: broken(found, told) })),
      ...(await auditedByCommands(app.dataDir)),
      { name: 'no secret is written anywhere', by: this.#secretsIn(stores) },
    ].filter(({ by }) => by.length > 0);
    return { figures: this.#figures(found, reaper, knownMs), answers: told.answers, struck, broken };
  }

  async #openStores(): Promise<readonly SoakStore[]> {
    const stores: SoakStore[] = [];
    for (let at = 0; at < STORES; at++) {
      const { id: account, secretKey } = await this.around.owner.anAccount();
      const made = await this.app.client.post('/v1/stores', {
        name: `Lamps ${at + 1}`,
        notification_email: 'ops@lamps.test',
        stripe_secret_key: secretKey,
      });
      if (made.status !== 201) throw new Error(`no store: ${JSON.stringify(made.body)}`);
      const client = this.app.client.forStore(made.body.id);
      const clerk = new Clerk(client, this.dice.of(10 + at), this.told);
      stores.push({ id: made.body.id, account, secretKey, clerk });
    }
    return stores;
  }

  /** Every order begins at its own time, and lives beside those before it. */
  async #live(stores: readonly SoakStore[], reaper: Reaper): Promise<void> {
    const { minutes, orders, kills } = this.terms;
    const ms = minutes * 60_000;
    const lifeMs = Math.min(LIFE_AT_MOST_MS, ms * LAST_LIFE);
    const lives: Promise<void>[] = [];
    for (let at = 0; at < orders || reaper.kills < kills; at++) {
      lives.push(orderLife(this.#case(at, stores), this.around.stripeUrl, lifeMs));
      if (at % 50 === 49) this.say(`${at + 1} orders have begun, ${reaper.kills} kills.`);
      await Promise.race([pause((ms - lifeMs) / orders), reaper.failed]);
    }
    await Promise.all(lives);
  }

  #case(at: number, stores: readonly SoakStore[]): Case {
    const dice = this.dice.of(1000 + at);
    const store = dice.pick(stores);
    const id = `SOAK-${this.terms.seed}-${at}`;
    this.owners.set(id, store);
    return {
      id,
      email: `ada-${at}@example.test`,
      store,
      clerk: store.clerk,
      dice,
      acknowledged: this.told,
      links: [],
      payments: new Set(),
      totals: new Set(),
      raise: { asked: false },
      seen: { captured: 0 },
    };
  }

  async #areOutcomesKnown(): Promise<boolean> {
    const lists = [...new Set(this.owners.values())].flatMap(({ clerk }) =>
      ['unknown', 'processing'].map((status) => clerk.all(`/v1/payments?status=${status}`)),
    );
    return (await Promise.all(lists)).every((payments) => payments.length === 0);
  }

  /** The server is down over night; pages run out, and whatever was put off falls due. */
  async #passNight(): Promise<void> {
    await this.app.stop();
    await this.around.pass(NIGHT_MS);
    await this.app.restart({ CLOCK_AHEAD_MS: String(NIGHT_MS) });
    this.say('A night has passed.');
  }

  async #isSettled(stores: readonly SoakStore[]): Promise<boolean> {
    let captured = 0;
    const before = this.seen;
    this.seen = [];
    for (const { clerk } of stores) {
      const orders = await clerk.all('/v1/orders');
      if (orders.some(({ amount_reserved }) => amount_reserved > 0)) return false;
      this.seen.push(...orders.map(({ id, revision }) => `${id} ${revision}`));
      captured += (await clerk.all('/v1/payments?status=captured')).length;
    }
    const receipts = (await foundMails(this.around.inboxUrl)).flatMap(({ payment }) => payment ?? []);
    const isStill = JSON.stringify(this.seen) === JSON.stringify(before);
    if (isStill) return new Set(receipts).size >= captured;
    await pause(QUIET_MS);
    return false;
  }

  /** @returns how long it took, in ms; that it never came is for the invariants to say */
  async #until(what: string, patienceMs: number, isSo: () => Promise<boolean>): Promise<number> {
    const began = performance.now();
    while (performance.now() - began < patienceMs) {
      if (await isSo()) {
        this.say(`After ${Math.round(performance.now() - began)} ms ${what}.`);
        return performance.now() - began;
      }
      await pause(250);
    }
    this.told.surprise(`it took longer than ${patienceMs} ms until ${what}`);
    return patienceMs;
  }

  /** In what the server has said and in every file of its data but the vault, whose secrets are sealed. */
  #secretsIn(stores: readonly SoakStore[]): string[] {
    const cards = [CARDS.visa, CARDS.insufficientFunds];
    const secrets = [...cards, ...stores.map(({ secretKey }) => secretKey), 'whsec_', 'sk_test_'];
    const files = readdirSync(this.app.dataDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const places: readonly (readonly [string, string])[] = [
      ['its output', this.app.output],
      ...files.map((file) => [file, readFileSync(file, 'latin1')] as const),
    ];
    return places.flatMap(([place, text]) =>
      secrets.flatMap((secret) => (text.includes(secret) ? [`${secret.slice(0, 10)}… in ${place}`] : [])),
    );
  }

  #figures(found: Findings, reaper: Reaper, knownMs: number): Record<string, number> {
    const payments = [...found.payments.values()];
    const count = (status: string) => payments.filter((payment) => payment.status === status).length;
    const starts = reaper.startMs.toSorted((a, b) => a - b);
    return {
      orders: found.orders.size,
      payments: payments.length,
      captured: count('captured'),
      failed: count('failed'),
      voided: count('voided'),
      links: found.links.size,
      refunds: found.refunds.size,
      'refunds at Stripe': found.refundsAtStripe.length,
      'mails received': found.mails.length,
      'events in histories': [...found.histories.values()].reduce((sum, { length }) => sum + length, 0),
      kills: reaper.kills,
      'kills while starting': reaper.killsWhileStarting,
      'start after a kill, median ms': Math.round(starts[Math.floor(starts.length / 2)] ?? 0),
      'start after a kill, longest ms': Math.round(starts.at(-1) ?? 0),
      'longest answer, ms': Math.round(this.told.longestMs),
      'all outcomes known after, ms': Math.round(knownMs),
      'acknowledgements checked': this.told.all.length,
    };
  }
}

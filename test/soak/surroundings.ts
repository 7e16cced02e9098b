import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Started, started } from '../performance/processes.js';
import { anOwner, type Owner } from '../support/sandbox-owner.js';
import type { Dice } from './dice.js';
import { FaultProxy } from './fault-proxy.js';

const ADMIN_TOKEN = 'soak-owner';
const clock = join(import.meta.dirname, '../support/moved-clock.mjs');
/** A mail is about so many exchanges: a fault is meant to meet a mail as often as a call. */
const EXCHANGES_OF_A_MAIL = 5;

/** How likely each of these is at a call that reaches Stripe. */
const callFaults = [
  { kind: 'status_after', status: 500 },
  { kind: 'status_before', status: 503 },
  'rate_limit',
  'lock_timeout',
  { kind: 'html_502', after: true },
  { kind: 'html_502', after: false },
] as const;
/** And each of these at a webhook that leaves it. */
const hookFaults = [
  'drop',
  { kind: 'duplicate', n: 2 },
  { kind: 'delay', ms: 4_000 },
  { kind: 'reorder', window: 4 },
  'bad_signature',
] as const;

/** Stripe and the mail server as processes of their own, which outlive ours, and a bad network on the way to each. */
export class Surroundings {
  private constructor(
    readonly folder: string,
    readonly stripeUrl: string,
    readonly inboxUrl: string,
    readonly owner: Owner,
    readonly toStripe: FaultProxy,
    readonly toMail: FaultProxy,
    private readonly sandbox: Started,
    private readonly inbox: Started,
  ) {}

  static async start(probability: number, dice: Dice): Promise<Surroundings> {
    const folder = await mkdtemp(join(tmpdir(), 'quittance-soak-'));
    const sandbox = started(['--import', clock, 'dist/sandbox/stripe/main.js'], {
      SANDBOX_PORT: '0',
      DATA_DIR: join(folder, 'sandbox'),
      SANDBOX_ADMIN_TOKEN: ADMIN_TOKEN,
    });
    const inbox = started(['dist/sandbox/inbox/main.js'], { INBOX_SMTP_PORT: '0', INBOX_PORT: '0' });
    const stripeUrl = await sandbox.says(/Stripe sandbox on (\S+)/);
    const smtpPort = Number(await inbox.says(/smtp:\/\/127\.0\.0\.1:(\d+)/));
    const inboxUrl = await inbox.says(/read it at (\S+)/);
    const terms = { perExchange: probability, perHole: probability };
    const toStripe = await FaultProxy.before(Number(new URL(stripeUrl).port), { ...terms, dice: dice.of(1) });
    const toMail = await FaultProxy.before(smtpPort, {
      ...terms,
      perExchange: probability / EXCHANGES_OF_A_MAIL,
      dice: dice.of(2),
    });
    const owner = anOwner({ url: stripeUrl, adminToken: ADMIN_TOKEN });
    return new Surroundings(folder, stripeUrl, inboxUrl, owner, toStripe, toMail, sandbox, inbox);
  }

  /** What a server needs to know of them. */
  get env(): Readonly<Record<string, string>> {
    return {
      STRIPE_API_URL: `http://127.0.0.1:${this.toStripe.port}`,
      STRIPE_PLATFORM_KEY: 'sk_test_demo_platform',
      STRIPE_CLIENT_ID: 'ca_demo_platform',
      SMTP_URL: `smtp://127.0.0.1:${this.toMail.port}`,
    };
  }

  /** From now on everything goes wrong now and then. */
  async rage(probability: number, dice: Dice): Promise<void> {
    this.toStripe.rage();
    this.toMail.rage();
    const calls = callFaults.map((effect, at) => [effect, { path: '/v1/*', seed: dice.seed + at }] as const);
    const hooks = hookFaults.map((effect, at) => [effect, { type: '*', seed: dice.seed + 50 + at }] as const);
    for (const [effect, match] of [...calls, ...hooks])
      await this.owner.fault(effect, { ...match, probability }, 'unlimited');
  }

  /** Nothing goes wrong any more. @returns how often each fault struck */
  async calm(): Promise<ReadonlyMap<string, number>> {
    this.toStripe.calm();
    this.toMail.calm();
    const { data } = await this.owner.call('GET', 'faults');
    await this.owner.heal();
    const struck = new Map<string, number>();
    for (const { effect, fired } of data as { effect: { kind: string; after?: boolean }; fired: number }[]) {
      const name = `stripe ${effect.kind}${effect.after ? ' after' : ''}`;
      struck.set(name, (struck.get(name) ?? 0) + fired);
    }
    for (const [way, { counts }] of [
      ['to stripe', this.toStripe],
      ['to mail', this.toMail],
    ] as const) {
      for (const [kind, count] of counts) struck.set(`wire ${way} ${kind}`, count);
    }
    return struck;
  }

  /** Time passes at Stripe. */
  async pass(ms: number): Promise<void> {
    await this.sandbox.tells({ forwardMs: ms });
    await this.owner.advance(0);
  }

  async end(): Promise<void> {
    await Promise.all([this.toStripe.close(), this.toMail.close()]);
    await Promise.all([this.sandbox.end(), this.inbox.end()]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

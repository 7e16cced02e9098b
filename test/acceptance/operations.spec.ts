import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AStore, eventually } from '../support/a-store.js';
import { RunningApp } from '../support/running-app.js';
import { ownerOf } from '../support/sandbox-owner.js';

type Ended = Readonly<{ code: number | null; said: string }>;

let folder: string;
let app: RunningApp;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quittance-operations-'));
  app = await RunningApp.start();
}, 30_000);
afterAll(async () => {
  await app.remove();
  await rm(folder, { recursive: true, force: true });
});

/** A program of ours with these settings only, until it ends by itself. */
function run(program: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [program], {
    env: { DATA_DIR: join(folder, 'own'), DEMO: 'false', LOG_LEVEL: 'warn', ...FREE_PORTS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

const FREE_PORTS = { PORT: '0', SANDBOX_PORT: '0', INBOX_SMTP_PORT: '0', INBOX_PORT: '0' };

describe('a start that cannot be', () => {
  test('with senseless settings lists all of them, and no value', async () => {
    const { code, said } = await run('dist/main.js', {
      PORT: 'abc',
      SANDBOX_PORT: '99999',
      LOG_LEVEL: 'loud',
      SMTP_URL: 'http://x.test',
      BOOTSTRAP_API_KEY: 'hush',
      DEMO: 'maybe',
      SWEEP_INTERVAL_MS: '1',
    });
    expect(code).toBe(1);
    const settings = said.split('\n').flatMap((line) => /^ {2}- (\w+): /.exec(line)?.[1] ?? []);
    expect(settings.sort()).toEqual([
      'BOOTSTRAP_API_KEY',
      'DEMO',
      'LOG_LEVEL',
      'PORT',
      'SANDBOX_PORT',
      'SMTP_URL',
      'SWEEP_INTERVAL_MS',
    ]);
    expect(said).not.toMatch(/abc|99999|loud|x\.test|hush|maybe/);
  });

  test('in production names what the sandbox and the inbox stood for', async () => {
    const { code, said } = await run('dist/main.js', { NODE_ENV: 'production' });
    expect(code).toBe(1);
    expect(said).toMatch(/STRIPE_API_URL: is needed in production/);
    expect(said).toMatch(/SMTP_URL: is needed in production/);
  });

  test('on data that another process has says whose they are, and leaves them alone', async () => {
    const { code, said } = await run('dist/main.js', { DATA_DIR: app.dataDir });
    expect(code).toBe(1);
    expect(said).toMatch(/log\.db is in use by process \d+/);
    expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
  });

  test.each(['PORT', 'SANDBOX_PORT', 'INBOX_SMTP_PORT'])(
    'on a taken %s says which one is taken',
    async (name) => {
      const taken = await new Promise<Server>((resolve) => {
        const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
      });
      const { port } = taken.address() as { port: number };
      const { code, said } = await run('dist/main.js', { [name]: String(port) });
      await new Promise((resolve) => taken.close(resolve));
      expect(code).toBe(1);
      expect(said).toContain(`127.0.0.1:${port}`);
      expect(said).not.toMatch(/^\s+at /m);
    },
  );
});

describe('a stop under load', () => {
  test('answers what it has taken, ends with 0, and everything is there afterwards', async () => {
    const store = await AStore.connectedTo(app);
    const charged: string[] = [];
    const answers = new Set<number>();
    let stopped = false;
    const cashier = async () => {
      while (!stopped) {
        const order = await store.anOrder().catch(() => undefined);
        const reply = order && (await store.charge(order).catch(() => undefined));
        if (!order || !reply) continue;
        answers.add(reply.status);
        if (reply.status === 201) charged.push(order);
      }
    };
    const cashiers = Array.from({ length: 12 }, cashier);
    await eventually(async () => (charged.length > 20 ? true : undefined));
    const code = await app.stop();
    stopped = true;
    await Promise.all(cashiers);
    expect(code).toBe(0);
    expect([...answers].filter((status) => ![201, 503].includes(status))).toEqual([]);

    const verified = await run('dist/cli/verify.cli.js', { DATA_DIR: app.dataDir });
    expect(verified).toEqual({ code: 0, said: expect.stringContaining('The log is intact') });

    await app.restart();
    const found = await Promise.all(charged.map((order) => store.order(order)));
    expect(found.filter(({ payment_status }) => payment_status !== 'paid')).toEqual([]);
  }, 30_000);

  test('lets a charge finish that waits for Stripe', async () => {
    const store = await AStore.connectedTo(app);
    const order = await store.anOrder();
    await ownerOf(app).fault({ kind: 'latency', ms: 700 }, { path: '/v1/payment_intents/*' });
    const slow = store.charge(order);
    await store.until(order, ({ amount_reserved }) => amount_reserved > 0);
    const begun = performance.now();
    const code = await app.stop();
    expect([code, (await slow).status]).toEqual([0, 201]);
    expect(performance.now() - begun).toBeLessThan(6000);
    await app.restart();
    expect((await store.order(order)).payment_status).toBe('paid');
  }, 30_000);
});

test('a reader that does not let go of its snapshot is seen in the measurements and told of, and leaves no trace', async () => {
  const walBytes = async () => {
    const text = await (await fetch(`${app.url}/metrics`)).text();
    return Number(/^quittance_wal_bytes\{file="read\.db"\} (\d+)$/m.exec(text)?.[1]);
  };
  const reader = new DatabaseSync(join(app.dataDir, 'read.db'), { readOnly: true });
  reader.exec('BEGIN; SELECT count(*) FROM checkpoints');
  const writer = new DatabaseSync(join(app.dataDir, 'read.db'), { timeout: 5_000 });
  writer.exec(
    'CREATE TABLE much (bytes BLOB); INSERT INTO much VALUES (zeroblob(70000000)); DROP TABLE much',
  );
  writer.close();
  await eventually(async () => (/"warn".*"file":"read.db"/.test(app.output) ? true : undefined));
  expect(await walBytes()).toBeGreaterThan(70_000_000);
  const store = await AStore.connectedTo(app);
  expect((await store.charge(await store.anOrder())).status).toBe(201);
  reader.close();
  await eventually(async () => ((await walBytes()) <= 16 * 1024 * 1024 ? true : undefined));
}, 30_000);

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chargeCardStory } from './charge-card.story.js';
import { QuittanceClient } from './quittance.client.js';
import { sendPaymentLinkStory } from './send-payment-link.story.js';
import { Stage, StoryDiffers } from './stage.js';

type Server = Readonly<{ url: string; inboxUrl: string; key: string; end(): Promise<void> }>;

/** Plays the two stories through what anybody can reach: the REST API, the customer's mailbox, the hosted pages. */
async function tour(): Promise<number> {
  const server = (await runningServer()) ?? (await ownServer());
  try {
    const store = await tourStore(new QuittanceClient(server.url, server.key));
    const stage = new Stage(store, server.inboxUrl, process.stdout);
    await chargeCardStory(stage);
    await sendPaymentLinkStory(stage);
    process.stdout.write('\nBoth stories end as they should.\n');
    return 0;
  } catch (error) {
    if (!(error instanceof StoryDiffers)) throw error;
    process.stdout.write(`\n  ✗ ${error.message}\n`);
    return 1;
  } finally {
    await server.end();
  }
}

/** The server that runs with this environment, where its key is known to us. */
async function runningServer(): Promise<Server | undefined> {
  const { HOST = '127.0.0.1', PORT = '3000', INBOX_PORT = '8025', BOOTSTRAP_API_KEY: key } = process.env;
  const url = process.env['PUBLIC_URL'] ?? `http://${HOST}:${PORT}`;
  const answers = await fetch(`${url}/health/live`).then(
    (reply) => reply.ok,
    () => false,
  );
  if (!answers) return undefined;
  if (!key) {
    process.stdout.write(`A server answers at ${url}, but its key is not in BOOTSTRAP_API_KEY.\n`);
    return undefined;
  }
  process.stdout.write(`Playing on the server at ${url}.\n`);
  return { url, inboxUrl: `http://127.0.0.1:${INBOX_PORT}`, key, end: async () => undefined };
}

/** A server for this tour alone: free ports, a folder that goes away again. */
async function ownServer(): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), 'quittance-tour-'));
  const [port, sandbox, smtp, inbox] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const key = `qk_test_${randomBytes(32).toString('hex')}`;
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../main.js')], {
    env: {
      PATH: process.env['PATH'],
      PORT: `${port}`,
      SANDBOX_PORT: `${sandbox}`,
      INBOX_SMTP_PORT: `${smtp}`,
      INBOX_PORT: `${inbox}`,
      DATA_DIR: dataDir,
      BOOTSTRAP_API_KEY: key,
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(url);
  process.stdout.write(`Playing on a server of its own at ${url}.\n`);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const end = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url, inboxUrl: `http://127.0.0.1:${inbox}`, key, end };
}

/** The demo store where there is one, else one of the tour's own at the sandbox. */
async function tourStore(client: QuittanceClient): Promise<QuittanceClient> {
  const { body } = await client.get('/v1/stores');
  const connected = body.data.find((store: { status: string }) => store.status === 'connected');
  if (connected) return client.forStore(connected.id);
  const made = await client.post('/v1/stores', {
    name: 'Lamps & Co',
    notification_email: 'ops@lamps.test',
    stripe_secret_key: 'sk_test_demo_lamps',
  });
  if (made.status !== 201) throw new StoryDiffers(`the store was refused: ${made.body.code}`);
  return client.forStore(made.body.id);
}

async function untilReady(url: string): Promise<void> {
  for (let waited = 0; waited < 20_000; waited += 100) {
    const ready = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (ready?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the server did not start');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

process.exitCode = await tour();

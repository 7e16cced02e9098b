import 'reflect-metadata';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { seedDemo } from './cli/demo.js';
import { greet } from './cli/greeting.js';
import { refuseInWords } from './cli/refuse-in-words.js';
import { BootstrapKey } from './modules/access/index.js';
import { Config, ConfigRefused } from './shared/infrastructure/config/config.js';
import { configureHttp, httpAdapter } from './shared/infrastructure/http/server.js';
import { Log } from './shared/infrastructure/logging/log.js';

type Embedded = Readonly<{ name: string; url: string; close(): Promise<void> }>;

/** Other companies in miniature, where no real ones are configured. Reached only over sockets from here on. */
async function startEmbedded(config: Config): Promise<readonly Embedded[]> {
  const embedded: Embedded[] = [];
  if (config.sandbox) {
    const { startStripeSandbox } = await import('./sandbox/stripe/index.js');
    const stripe = await startStripeSandbox({
      port: config.sandbox.port,
      dataDir: `${config.dataDir}/sandbox`,
    });
    config.learn({ stripeApiUrl: stripe.url });
    embedded.push({
      name: 'Stripe sandbox',
      url: `${stripe.url}/_sandbox?token=${stripe.adminToken}`,
      close: stripe.close,
    });
  }
  if (config.inbox) {
    const { startInbox } = await import('./sandbox/inbox/index.js');
    const { smtpPort, port: httpPort } = config.inbox;
    const inbox = await startInbox({ smtpPort, httpPort, dataDir: `${config.dataDir}/inbox` });
    config.learn({ smtpUrl: inbox.smtpUrl });
    embedded.push({ name: 'Mail inbox', url: inbox.url, close: inbox.close });
  }
  return embedded;
}

/** Starts everything that is configured, and says where it is. */
export async function serve(): Promise<void> {
  await start().catch(refuseInWords);
}

async function start(): Promise<void> {
  const begun = performance.now();
  const config = Config.read();
  const log = new Log(config.logLevel);
  makeFolder(config.dataDir);
  const embedded = await startEmbedded(config);
  const options = { bodyParser: false, logger: log, abortOnError: false } as const;
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, log),
    httpAdapter(),
    options,
  );
  await configureHttp(app);
  await app.listen(config.port, config.host);
  config.learn({
    port: new URL(await app.getUrl()).port ? Number(new URL(await app.getUrl()).port) : config.port,
  });

  const newKey = await app.get(BootstrapKey).ensure(config.bootstrapApiKey, config.production);
  const key = newKey ?? config.bootstrapApiKey;
  if (config.demo && key) await seedDemo(config.publicUrl, key);
  greet(config, embedded, newKey, performance.now() - begun);

  closeOnSignal(log, async () => {
    await app.close();
    await Promise.all(embedded.map((one) => one.close()));
  });
}

/** @throws ConfigRefused where the data can have no folder there */
function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK | constants.X_OK);
  } catch (failure) {
    const why = failure instanceof Error && 'code' in failure ? failure.code : failure;
    throw new ConfigRefused([`DATA_DIR: ${dataDir} is no folder that can be written (${why})`]);
  }
}

/** Calls under way are answered, what is begun is finished or left to the next start, and every file is closed. */
function closeOnSignal(log: Log, close: () => Promise<void>): void {
  let closing = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (closing) return;
      closing = true;
      log.info('going down', { signal });
      close().catch((failure) => {
        log.fault('did not go down cleanly', failure);
        process.exitCode = 1;
      });
    });
  }
}

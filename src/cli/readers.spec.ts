import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';
import { EventCatalog } from '../shared/application/event-catalog.js';
import { Subscriptions } from '../shared/application/subscriptions.js';
import { Config } from '../shared/infrastructure/config/config.js';
import { configureHttp, httpAdapter } from '../shared/infrastructure/http/server.js';
import { Log } from '../shared/infrastructure/logging/log.js';
import { everyEvent, everyProjection } from './readers.js';

let dataDir: string;
let app: NestFastifyApplication;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'quittance-readers-'));
  const config = Config.read({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
  const log = new Log('silent');
  app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config, log), httpAdapter(), {
    bodyParser: false,
    logger: log,
  });
  await configureHttp(app);
  await app.init();
});
afterAll(async () => {
  await app.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('a rebuild knows every event that the server knows', () =>
  expect(everyEvent().types).toEqual(app.get(EventCatalog).types));

test('a rebuild makes every projection that the server keeps', () => {
  const named = (list: readonly { name: string; version: number }[]) =>
    list.map(({ name, version }) => `${name} ${version}`).sort();
  expect(named(everyProjection())).toEqual(named(app.get(Subscriptions).projections));
});

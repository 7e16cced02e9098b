import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import { EventCatalog } from '../../src/shared/application/event-catalog.js';
import { Config } from '../../src/shared/infrastructure/config/config.js';
import { describeApi } from '../../src/shared/infrastructure/http/openapi.js';
import { configureHttp, httpAdapter } from '../../src/shared/infrastructure/http/server.js';
import { Log } from '../../src/shared/infrastructure/logging/log.js';
import { referencedTypes } from './events-reference.js';

const file = new URL('../../docs/reference/openapi.json', import.meta.url);

describe('the whole app', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'quittance-reference-'));
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const config = Config.read({ DATA_DIR: dataDir, LOG_LEVEL: 'silent', DEMO: 'false' });
    const whole = AppModule.with(config, new Log('silent'));
    const testing = await Test.createTestingModule({ imports: [whole] }).compile();
    app = testing.createNestApplication<NestFastifyApplication>(httpAdapter(), { bodyParser: false });
    await configureHttp(app);
    await app.init();
  }, 60_000);

  afterAll(async () => {
    await app?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('is described in docs/reference/openapi.json as it describes itself', () => {
    const text = `${JSON.stringify(describeApi(app), null, 2)}\n`;
    if (process.env['UPDATE_DOCS']) writeFileSync(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('stores no event that docs/reference/events.md does not know', () => {
    expect(app.get(EventCatalog).types).toEqual(referencedTypes);
  });
});

import 'reflect-metadata';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { BootstrapKey } from '../../src/modules/access/index.js';
import { ImportOrder } from '../../src/modules/orders/application/commands/import-order.command.js';
import { ConnectStore } from '../../src/modules/stores/application/commands/connect-store.command.js';
import { onOurOwn } from '../../src/shared/application/context.js';
import { Ids } from '../../src/shared/application/ports/ids.port.js';
import type { StoreId } from '../../src/shared/domain/ids.js';
import { Config } from '../../src/shared/infrastructure/config/config.js';
import { configureHttp, httpAdapter } from '../../src/shared/infrastructure/http/server.js';
import { Log } from '../../src/shared/infrastructure/logging/log.js';
import { API_KEY } from '../support/running-app.js';

export const bench = onOurOwn('boot', 'bench');

/** The product in this process, not listening yet, with one store that is connected to the sandbox at `stripeUrl`. */
export async function wholeApp(
  dataDir: string,
  stripeUrl: string,
  controllers: Type[] = [],
): Promise<Readonly<{ app: NestFastifyApplication; store: StoreId }>> {
  const env = { DATA_DIR: dataDir, STRIPE_API_URL: stripeUrl, SMTP_URL: 'smtp://127.0.0.1:9', PORT: '0' };
  const config = Config.read({ ...env, STRIPE_PLATFORM_KEY: 'sk_test_demo_platform', LOG_LEVEL: 'silent' });
  const log = new Log(config.logLevel);
  const root: DynamicModule = {
    module: class Bench {},
    imports: [AppModule.with(config, log)],
    controllers,
  };
  const options = { bodyParser: false, logger: log, abortOnError: false } as const;
  const app = await NestFactory.create<NestFastifyApplication>(root, httpAdapter(), options);
  await configureHttp(app);
  await app.init();
  await app.get(BootstrapKey, { strict: false }).ensure(API_KEY, false);
  const store: StoreId = `store_${app.get(Ids, { strict: false }).next()}`;
  const ask = {
    name: 'Lamps & Co',
    notification_email: 'ops@lamps.test',
    stripe_secret_key: 'sk_test_demo_lamps',
  };
  await app.get(CommandBus).execute(new ConnectStore(store, ask, bench));
  return { app, store };
}

const terms = {
  customer: { external_id: 'c-7', name: 'Ada Lovelace', email: null, phone: null, address: null },
  lines: [],
  shipping_amount: 0,
  total: 10_000,
  due_date: null,
  metadata: {},
};

/** Orders of 100.00 USD, imported 64 at a time. @returns their ids in the order system */
export async function importOrders(
  { app, store }: Awaited<ReturnType<typeof wholeApp>>,
  from: number,
  count: number,
): Promise<readonly string[]> {
  const commands = app.get(CommandBus);
  const ids = Array.from({ length: count }, (_, n) => `SO-${from + n}`);
  const queue = ids.values();
  const importing = Array.from({ length: 64 }, async () => {
    for (const externalId of queue) {
      const ask = { store, externalId, currency: 'usd', terms: { ...terms, number: externalId } };
      await commands.execute(new ImportOrder(ask, bench));
    }
  });
  await Promise.all(importing);
  return ids;
}

import 'reflect-metadata';
import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { StripeWebhookController } from '../../src/modules/payments/infrastructure/stripe/stripe-webhook.controller.js';
import { StripeAccounts } from '../../src/modules/stores/index.js';
import { Clock } from '../../src/shared/application/ports/clock.port.js';
import { Subscriptions } from '../../src/shared/application/subscriptions.js';
import { wholeApp } from './whole-app.js';

const storesNothing = { execute: async () => undefined } as unknown as CommandBus;

/** The same route in every respect but one: what was received and verified is not stored. */
@Controller('v1/webhooks/nowhere')
class IntakeWithoutStoring extends StripeWebhookController {
  constructor(accounts: StripeAccounts, clock: Clock) {
    super(storesNothing, accounts, clock);
  }
}

const [dataDir = '', stripeUrl = ''] = process.argv.slice(2);
const { app, store } = await wholeApp(dataDir, stripeUrl, [IntakeWithoutStoring]);
await app.listen(0, '127.0.0.1');
const [secret] = await app.get(StripeAccounts, { strict: false }).webhookSecrets(store);
const { port } = new URL(await app.getUrl());
process.on('message', async () => {
  await app.get(Subscriptions, { strict: false }).stop();
  process.send?.('nobody acts any more');
});
process.send?.({ port: Number(port), store, secret });

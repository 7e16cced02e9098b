import { Body, Controller, Headers, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import Stripe from 'stripe';
import { z } from 'zod';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { Public } from '../../../../shared/infrastructure/http/access.js';
import { Answers, Problems, Says } from '../../../../shared/infrastructure/http/answers.js';
import { RawBody } from '../../../../shared/infrastructure/http/server.js';
import { StripeAccounts } from '../../../stores/index.js';
import { ReceiveStripeEvent } from '../../application/commands/receive-stripe-event.command.js';
import { toNotice } from './stripe-event.translator.js';

const Store = z.templateLiteral(['store_', z.string().regex(/^[0-9a-f]{32}$/)]);
const Received = z
  .object({ received: z.literal(true) })
  .meta({ id: 'Received', examples: [{ received: true }] });

/** How old, and how far ahead of our clock, a signature may be. The SDK bounds only the past. */
const TOLERANCE_S = 300;
const LONGEST_HEADER = 8192;

@Controller('v1/webhooks/stripe')
export class StripeWebhookController {
  constructor(
    private readonly commands: CommandBus,
    private readonly accounts: StripeAccounts,
    private readonly clock: Clock,
  ) {}

  @Post(':store')
  @Says(
    'Where Stripe tells what happened',
    'Signed in `Stripe-Signature`. 200 means stored; what follows from it happens afterwards.',
  )
  @Public()
  @RawBody()
  @Answers(200, Received, 'Stored.')
  @Problems('invalid_signature', 'not_found')
  async receive(
    @Param('store', { schema: Store }) store: StoreId,
    @Headers('stripe-signature') signature: string | undefined,
    @Body() bytes: Buffer,
  ) {
    const event = verified(bytes, signature, await this.accounts.webhookSecrets(store), this.clock.now());
    await this.commands.execute(new ReceiveStripeEvent(toNotice(store, null, event), 'webhook'));
    return { received: true };
  }
}

const webhooks = Stripe.webhooks;

/** Verified on the raw bytes, before a byte of them is parsed. @throws Refusal `invalid_signature` */
function verified(
  bytes: Buffer,
  signature: string | undefined,
  secrets: readonly string[],
  now: Date,
): Stripe.Event {
  const seconds = Math.floor(now.getTime() / 1000);
  if (signature && signature.length <= LONGEST_HEADER && isRecent(signature, seconds)) {
    for (const secret of secrets) {
      try {
        return webhooks.constructEvent(bytes, signature, secret, TOLERANCE_S, undefined, now.getTime());
      } catch (error) {
        if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) break;
      }
    }
  }
  throw new Refusal('invalid_signature', 'The signature does not match these bytes, or is too old.');
}

function isRecent(signature: string, seconds: number): boolean {
  const stamp = /(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature)?.[1];
  return stamp !== undefined && Math.abs(seconds - Number(stamp)) <= TOLERANCE_S;
}

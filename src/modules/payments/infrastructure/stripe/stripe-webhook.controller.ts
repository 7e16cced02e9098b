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

/** As much of an event as we go by. */
const Event = z.looseObject({
  id: z.string().regex(/^evt_\w{1,250}$/),
  object: z.literal('event'),
  type: z.string().min(1).max(255),
  created: z.int(),
  livemode: z.boolean(),
  data: z.looseObject({ object: z.looseObject({}) }),
});

/** Verified on the raw bytes, before a byte of them is parsed. @throws Refusal `invalid_signature`, `malformed_json` */
function verified(
  bytes: Buffer,
  signature: string | undefined,
  secrets: readonly string[],
  now: Date,
): Stripe.Event {
  const seconds = Math.floor(now.getTime() / 1000);
  if (signature && signature.length <= LONGEST_HEADER && isRecent(signature, seconds)) {
    for (const secret of secrets) {
      if (isSignedBy(secret, bytes, signature, now)) return eventIn(bytes);
    }
  }
  throw new Refusal('invalid_signature', 'The signature does not match these bytes, or is too old.');
}

/** Whatever the SDK stumbles over in a header is no signature either: an empty one makes it throw a plain error. */
function isSignedBy(secret: string, bytes: Buffer, signature: string, now: Date): boolean {
  const { signature: header } = Stripe.webhooks;
  try {
    return header?.verifyHeader(bytes, signature, secret, TOLERANCE_S, undefined, now.getTime()) ?? false;
  } catch {
    return false;
  }
}

function eventIn(bytes: Buffer): Stripe.Event {
  const event = parsed(bytes);
  if (Event.safeParse(event).success) return event as Stripe.Event;
  throw new Refusal('malformed_json', 'These bytes are signed well, but are no event.');
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isRecent(signature: string, seconds: number): boolean {
  const stamp = /(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature)?.[1];
  return stamp !== undefined && Math.abs(seconds - Number(stamp)) <= TOLERANCE_S;
}

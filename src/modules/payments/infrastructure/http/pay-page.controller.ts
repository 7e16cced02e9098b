import { applyDecorators, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { LinkId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { Public } from '../../../../shared/infrastructure/http/access.js';
import { Answers, Says } from '../../../../shared/infrastructure/http/answers.js';
import { FormBody } from '../../../../shared/infrastructure/http/server.js';
import { PayLink } from '../../application/commands/pay-link.command.js';
import { WatchLink } from '../../application/commands/watch-link.command.js';
import { inTime, toRefusal } from '../../application/gateway-answers.js';
import { LinkTokens } from '../../application/ports/link-tokens.port.js';
import { GetPayPage } from '../../application/queries/get-pay-page.query.js';
import { notFoundPage } from '../pages/closed.pages.js';
import type { Page } from '../pages/page.js';
import { PayPages } from './pay-pages.js';

/** What each of these addresses may show. */
const Pages = () =>
  applyDecorators(
    Answers(200, z.string(), 'What is due, or the receipt.', 'text/html'),
    Answers(404, z.string(), 'There is no such link.', 'text/html'),
    Answers(410, z.string(), 'Expired, revoked, superseded, or the order is cancelled.', 'text/html'),
    Answers(503, z.string(), 'It cannot be paid at this moment.', 'text/html'),
  );

/** A customer who waits longer than that is shown a page that looks again. */
const PATIENCE_MS = 15_000;

/** The customer's pages: what is due, and one button. */
@Controller('pay/:token')
@Public()
export class PayPageController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly tokens: LinkTokens,
    private readonly pages: PayPages,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** Mail scanners follow links: looking changes nothing. */
  @Get()
  @Says('What is due on a payment link', 'HTML. Has no effect.')
  @Pages()
  async look(@Param('token') token: string, @Res() reply: FastifyReply) {
    await this.#answer(token, reply, async (link) => this.pages.now(await this.#page(link)));
  }

  @Post()
  @FormBody()
  @Says('Go to the hosted payment page', 'Redirects there, for what is due at this moment.')
  @Answers(303, null, 'To the hosted page, in `Location`.')
  @Answers(409, z.string(), 'Another payment is under way.', 'text/html')
  @Pages()
  async pay(@Param('token') token: string, @Res() reply: FastifyReply) {
    await this.#answer(token, reply, async (link) => {
      try {
        const paying = this.commands.execute(new PayLink(link, this.#context(link)));
        const url = await inTime(this.clock, PATIENCE_MS, paying);
        return url ?? this.pages.now(await this.#page(link));
      } catch (error) {
        return this.pages.notNow(await this.#page(link), reasonOf(error));
      }
    });
  }

  @Get('return')
  @Says('Back from the hosted payment page', 'HTML. Believes Stripe, not its own address.')
  @Pages()
  async back(@Param('token') token: string, @Res() reply: FastifyReply) {
    await this.#answer(token, reply, async (link) => {
      await this.commands.execute(new WatchLink(link, this.#context(link)));
      return this.pages.afterReturn(await this.#page(link));
    });
  }

  /** A page, or the address of the hosted one. An unknown token is answered like one that never was. */
  async #answer(
    token: string,
    reply: FastifyReply,
    show: (link: LinkId) => Promise<Page | string>,
  ): Promise<void> {
    const link = await this.tokens.linkOf(token);
    const shown = link ? await show(link).catch(unlessUnknown) : notFoundPage();
    if (typeof shown === 'string') {
      await reply.code(303).header('location', shown).header('referrer-policy', 'no-referrer').send();
      return;
    }
    await reply.code(shown.status).headers(shown.headers).send(shown.html);
  }

  #page(link: LinkId) {
    return this.queries.execute(new GetPayPage(link));
  }

  #context(link: LinkId): Context {
    return {
      actor: { kind: 'customer', id: link },
      correlationId: `page_${this.ids.next()}`,
      origin: 'page',
    };
  }
}

function unlessUnknown(error: unknown): Page {
  if (error instanceof Refusal && error.code === 'not_found') return notFoundPage();
  throw error;
}

/** Why the customer cannot pay at this moment. @throws what is no such reason */
function reasonOf(error: unknown): 'busy' | 'unavailable' {
  const refusal = toRefusal(error);
  if (!(refusal instanceof Refusal)) throw error;
  const isBusy = ['balance_reserved', 'payment_in_flight', 'session_fence_pending'].includes(refusal.code);
  return isBusy ? 'busy' : 'unavailable';
}

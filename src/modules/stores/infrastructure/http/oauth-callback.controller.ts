import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../../../shared/application/context.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { Public } from '../../../../shared/infrastructure/http/access.js';
import { Answers, Says } from '../../../../shared/infrastructure/http/answers.js';
import { asPage } from '../../../../shared/infrastructure/http/pages.js';
import { AsksStripe } from '../../../../shared/infrastructure/http/server.js';
import { CompleteConnection } from '../../application/commands/complete-connection.command.js';
import { type ConnectionOutcome, connectionPage } from './connection-page.js';

/** Whatever Stripe says; a merchant who changed their mind comes back with an `error`. */
const Callback = z.object({
  state: z.string().max(200).catch(''),
  code: z.string().max(500).optional().catch(undefined),
  error: z.string().max(100).optional().catch(undefined),
});

@Controller('v1/stores/oauth')
@Public()
export class OAuthCallbackController {
  constructor(private readonly commands: CommandBus) {}

  @Get('callback')
  @AsksStripe()
  @Says(
    'Where Stripe sends a merchant back to',
    'A page for people. The state in it is good once, for ten minutes.',
  )
  @Answers(200, z.string(), 'The store is connected.', 'text/html')
  @Answers(400, z.string(), 'It is not, and why.', 'text/html')
  async callback(
    @Query({ schema: Callback }) query: z.infer<typeof Callback>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const outcome = await this.outcomeOf(query, {
      actor: { kind: 'person', id: 'merchant' },
      correlationId: request.id,
      origin: 'page',
    });
    asPage(reply.status(outcome.connected ? 200 : 400)).send(connectionPage(outcome));
  }

  private async outcomeOf(
    { state, code, error }: z.infer<typeof Callback>,
    context: Context,
  ): Promise<ConnectionOutcome> {
    if (error !== undefined || code === undefined) {
      const denied = error === 'access_denied';
      return {
        connected: false,
        detail: denied ? 'You did not agree at Stripe.' : 'Stripe sent no permission.',
      };
    }
    try {
      const { name, account } = await this.commands.execute(new CompleteConnection(state, code, context));
      return { connected: true, name, account };
    } catch (failure) {
      if (failure instanceof Refusal) return { connected: false, detail: failure.detail };
      throw failure;
    }
  }
}

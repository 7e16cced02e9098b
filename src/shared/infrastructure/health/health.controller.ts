import { isIPv4 } from 'node:net';
import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { EventStore } from '../../application/ports/event-store.port.js';
import { Subscriptions } from '../../application/subscriptions.js';
import { Refusal } from '../../domain/refusal.js';
import { Public } from '../http/access.js';
import { Answers, answer, Problems, Says } from '../http/answers.js';
import { Metrics } from '../http/metrics.js';
import { Shutdown } from '../http/shutdown.js';
import { Health } from './health.js';

const Live = z.object({ status: z.literal('live') });
const Ready = z.object({
  status: z.enum(['ready', 'not_ready']),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), reason: z.string().nullable() })),
});

/** For whoever watches over the server. */
@Controller()
@Public()
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
    shutdown: Shutdown,
    store: EventStore,
    subscriptions: Subscriptions,
  ) {
    health.add('server', async () => (shutdown.underWay ? 'going down' : undefined));
    health.add('event_store', async () => void (await store.head()));
    health.add('projections', async () => {
      const readers = await subscriptions.status();
      const stuck = readers.filter(({ kind, failure }) => kind === 'projection' && failure);
      return stuck.length === 0 ? undefined : `standing still: ${stuck.map(({ name }) => name).join(', ')}`;
    });
  }

  @Get('health/live')
  @Says('Whether the process runs')
  @Answers(200, Live, 'It does.')
  live() {
    return { status: 'live' };
  }

  @Get('health/ready')
  @Says('Whether calls should be sent here')
  @Answers(200, Ready, 'They should.')
  @Answers(503, Ready, 'They should not; each check says why.')
  async ready() {
    const checks = await this.health.look();
    const ready = checks.every(({ ok }) => ok);
    return answer({ status: ready ? 'ready' : 'not_ready', checks }, { status: ready ? 200 : 503 });
  }

  /** Answered to this machine only: a reverse proxy's calls come from here too, but name whom they are for. */
  @Get('metrics')
  @Says('Measurements, in Prometheus’ text format', 'Answered to callers on the same machine only.')
  @Answers(200, z.string(), '', 'text/plain')
  @Problems('not_found')
  async measure(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    const forwarded = request.headers['x-forwarded-for'] ?? request.headers['forwarded'];
    if (forwarded !== undefined || !isLoopback(request.socket.remoteAddress ?? '')) {
      throw new Refusal('not_found', 'There is no such address.');
    }
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await this.metrics.text());
  }
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}

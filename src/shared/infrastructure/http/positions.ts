import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Position } from '../../application/ports/event-store.port.js';
import { Subscriptions } from '../../application/subscriptions.js';
import { Refusal } from '../../domain/refusal.js';
import { Invalid } from './faults.js';
import { header } from './requests.js';

const WAITS_MS = 500;

/** Read your own writes: a read that names a position sees at least what was written up to there. */
@Injectable()
export class Positions {
  constructor(private readonly subscriptions: Subscriptions) {}

  /** The same for the same position; nothing else may be read into it. */
  static token(position: Position): string {
    return `pos_${position.toString(36)}`;
  }

  /** @throws Invalid for anything that `token` does not make */
  static parse(token: string): Position {
    const position = /^pos_[0-9a-z]{1,11}$/.test(token) ? Number.parseInt(token.slice(4), 36) : Number.NaN;
    if (Number.isSafeInteger(position)) return position;
    const detail = 'Send back what an earlier answer said in this header.';
    throw new Invalid([{ pointer: '/Quittance-Position', code: 'invalid_header', detail }]);
  }

  /** @throws Refusal `read_model_behind` where the reads have not come that far within half a second */
  async awaitFor(request: FastifyRequest): Promise<void> {
    const token = header(request, 'quittance-position');
    if (token === undefined) return;
    const position = Positions.parse(token);
    if (request.method !== 'GET' && request.method !== 'HEAD') return;
    if (await this.subscriptions.waitFor(position, WAITS_MS)) return;
    throw new Refusal('read_model_behind', 'That write cannot be read yet. Read again in a moment.');
  }
}

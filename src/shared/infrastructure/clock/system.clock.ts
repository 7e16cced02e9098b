import { setTimeout as timeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../application/ports/clock.port.js';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The clock of the machine. */
@Injectable()
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    const wait = timeout(Math.min(ms, LONGEST_TIMER_MS), undefined, signal && { signal });
    await wait.catch(() => undefined);
  }
}

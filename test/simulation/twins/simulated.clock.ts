import { Clock } from '../../../src/shared/application/ports/clock.port.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Life } from '../kernel/life.js';

/** How wrong a machine's clock is, in ms. */
export type Skew = { ms: number };

/** The kernel's time as one machine sees it. Timers run on true time, as real ones do. */
export class SimulatedClock extends Clock {
  constructor(
    private readonly kernel: Kernel,
    private readonly life: Life,
    private readonly skew: Skew,
  ) {
    super();
  }

  override now(): Date {
    return new Date(this.kernel.now + this.skew.ms);
  }

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const { kernel, life } = this;
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      let isOver = false;
      const wake = () => {
        if (isOver || !life.alive) return;
        isOver = true;
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      signal?.addEventListener('abort', wake, { once: true });
      kernel.after(kernel.wake(Math.max(0, ms)), `${life.name} timer`, wake);
    });
  }
}

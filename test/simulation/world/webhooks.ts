import { ReceiveStripeEvent } from '../../../src/modules/payments/application/commands/receive-stripe-event.command.js';
import type { StripeNotice } from '../../../src/modules/payments/domain/stripe-event.js';
import type { StoreId } from '../../../src/shared/domain/ids.js';
import type { Coverage } from '../kernel/coverage.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Random } from '../kernel/random.js';
import type { AppNode } from './app-node.js';
import type { Swarm } from './swarm.js';

const MINUTE = 60_000;
/** How long Stripe waits before it tells again; after the last it gives up. */
const PAUSES_MS = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * 60 * MINUTE, 5 * 60 * MINUTE, 10 * 60 * MINUTE];
/** Later than this and behind younger news counts as late. */
const LATE_MS = 60_000;

/** Stripe tells what happens: at least once, at most never, in any order. */
export class Webhooks {
  constructor(
    private readonly kernel: Kernel,
    private readonly random: Random,
    private readonly coverage: Coverage,
    private readonly swarm: () => Swarm,
    private readonly someNode: () => AppNode,
    private readonly isConnected: (store: StoreId) => boolean,
  ) {}

  send(notice: StripeNotice): void {
    const { lost, doubled, latestMs } = this.swarm().webhooks;
    if (this.random.happens(lost)) {
      this.coverage.count('F6 webhook lost');
      return;
    }
    const copies = this.random.happens(doubled) ? 2 : 1;
    if (copies > 1) this.coverage.count('F5 webhook doubled');
    for (let copy = 0; copy < copies; copy++) {
      // Most come at once, which is often before the answer to our own call.
      const delay = this.random.happens(0.5) ? this.random.between(0, 30) : this.random.between(0, latestMs);
      if (delay > LATE_MS) this.coverage.count('F5 webhook late');
      this.kernel.after(delay, `webhook ${notice.event}`, () => void this.deliver(notice, 0));
    }
  }

  private async deliver(notice: StripeNotice, attempt: number): Promise<void> {
    if (!this.isConnected(notice.store)) {
      this.coverage.count('F6 webhook of a disconnected store');
      return;
    }
    const node = this.someNode();
    const reply = await node.ask((app) => app.bus.execute(new ReceiveStripeEvent(notice, 'webhook')));
    if (reply.kind === 'answer') return;
    this.coverage.count('F6 webhook refused and told again');
    const pause = PAUSES_MS[attempt];
    if (pause === undefined) return;
    this.kernel.after(pause, `webhook ${notice.event} again`, () => void this.deliver(notice, attempt + 1));
  }
}

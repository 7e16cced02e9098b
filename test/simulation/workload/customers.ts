import { PayLink } from '../../../src/modules/payments/application/commands/pay-link.command.js';
import { WatchLink } from '../../../src/modules/payments/application/commands/watch-link.command.js';
import type { Context } from '../../../src/shared/application/context.js';
import type { LinkId } from '../../../src/shared/domain/ids.js';
import { type CardKind, type Intent } from '../twins/stripe-objects.js';
import type { World } from '../world/world.js';

const MINUTE = 60_000;
const customer: Context = {
  actor: { kind: 'customer', id: 'customer' },
  correlationId: 'a customer',
  origin: 'page',
};

/** People with links and cards: they pay, try again, change their minds, and fall asleep over open pages. */
export class Customers {
  constructor(private readonly world: World) {
    world.onAction((intent) => this.askedByBank(intent));
  }

  /** Somebody follows a link and presses Pay. */
  async follow(link: LinkId): Promise<void> {
    const { random } = this.world;
    const url = await this.pressPay(link);
    if (!url) return;
    const page = url.slice(url.lastIndexOf('/') + 1);
    this.world.witness(() => this.world.invariants.pages.shown(page));
    for (let tries = random.between(1, 4); tries > 0; tries--) {
      await this.wait(random.happens(0.7) ? random.between(0, 2 * MINUTE) : random.between(0, 90 * MINUTE));
      const seen = this.world.stripe.pay(page, this.card());
      this.world.coverage.count(`customer on a page: ${seen}`);
      if (seen === 'declined') continue;
      if (seen === 'paid' && random.happens(0.7)) await this.comeBack(link);
      return;
    }
  }

  private async pressPay(link: LinkId): Promise<string | null> {
    const reply = await this.world.someNode().ask((app) => app.bus.execute(new PayLink(link, customer)));
    this.world.coverage.count(`customer presses Pay: ${reply.kind === 'refused' ? reply.code : reply.kind}`);
    return reply.kind === 'answer' ? (reply.value as string | null) : null;
  }

  private async comeBack(link: LinkId): Promise<void> {
    await this.wait(this.world.random.between(0, 3_000));
    await this.world.someNode().ask((app) => app.bus.execute(new WatchLink(link, customer)));
  }

  private askedByBank(intent: Intent): void {
    const { random, kernel, coverage, stripe } = this.world;
    coverage.count('F4 bank asks for the customer');
    const answer = random.weighed([
      [5, true],
      [2, false],
      [2, null],
    ] as const);
    if (answer === null) return;
    kernel.after(
      random.between(1_000, 25 * MINUTE),
      `a customer answers their bank about ${intent.id}`,
      () => {
        stripe.authenticate(intent, answer);
      },
    );
  }

  private card(): CardKind {
    return this.world.random.weighed([
      [6, 'pm_good'],
      [2, 'pm_declined'],
      [2, 'pm_3ds'],
    ] as const);
  }

  private wait(ms: number): Promise<void> {
    return this.world.kernel.pause(this.world.outside, ms, 'customer');
  }
}

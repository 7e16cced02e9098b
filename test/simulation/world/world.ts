import type { StripeNotice } from '../../../src/modules/payments/domain/stripe-event.js';
import { observedEvents } from '../../../src/modules/payments/infrastructure/stripe/observed-events.js';
import type { Period } from '../../../src/modules/reconciliation/domain/period.js';
import type { RecordedEvent } from '../../../src/shared/application/ports/event-store.port.js';
import type { StoreId } from '../../../src/shared/domain/ids.js';
import { Books } from '../invariants/books.js';
import { Invariants } from '../invariants/invariants.js';
import { Coverage } from '../kernel/coverage.js';
import { Kernel } from '../kernel/kernel.js';
import { Life } from '../kernel/life.js';
import { Random } from '../kernel/random.js';
import { Trace } from '../kernel/trace.js';
import { Crashes, Wire } from '../kernel/wire.js';
import { Disk } from '../twins/disk.js';
import { SimulatedClock, type Skew } from '../twins/simulated.clock.js';
import { SimulatedEventStore } from '../twins/simulated.event-store.js';
import { SimulatedIds } from '../twins/simulated.ids.js';
import { Inbox, SimulatedMailer } from '../twins/simulated.mailer.js';
import { SimulatedPaymentGateway } from '../twins/simulated.payment-gateway.js';
import { Shelf, SimulatedReadStore } from '../twins/simulated.read-store.js';
import { SimulatedRefundGateway } from '../twins/simulated.refund-gateway.js';
import { SimulatedStoreDirectory, simulatedStores } from '../twins/simulated.store-directory.js';
import { SimulatedStripeBooks } from '../twins/simulated.stripe-books.js';
import { SimulatedStripe } from '../twins/simulated-stripe.js';
import { type Road, StripeLine } from '../twins/stripe-line.js';
import type { Intent } from '../twins/stripe-objects.js';
import { AppNode } from './app-node.js';
import type { Surgery, Theatre } from './surgery.js';
import { drawSwarm, healed, type Swarm } from './swarm.js';
import { Webhooks } from './webhooks.js';
import { type App, projectionsOf, startApp } from './wiring.js';
import { WitnessedEventStore } from './witnessed.event-store.js';

const DAY = 24 * 3_600_000;
/** Of what takes longer only the marks are looked at. */
const LONG_MINUTES = 300;
const MINUTE = 60_000;
const START = '2026-11-02T09:00:00.000Z';

/** Everything there is in one run: nodes, the log, Stripe, the post, and chance. */
export class World {
  readonly coverage = new Coverage();
  readonly books = new Books();
  readonly disk = new Disk();
  readonly inbox = new Inbox();
  readonly kernel: Kernel;
  readonly trace: Trace;
  readonly random: Random;
  readonly stripe: SimulatedStripe;
  readonly nodes: readonly AppNode[];
  readonly invariants: Invariants;
  /** Lives as long as the run: customers, operators, machines. */
  readonly outside = new Life('world');
  readonly ids: SimulatedIds;
  private readonly crashes: Crashes;
  private readonly webhooks: Webhooks;
  private readonly shelves: readonly Shelf[];
  private readonly skews: readonly Skew[];
  private readonly road: Road = {
    isShut: false,
    refused: new Set(),
    disconnected: new Set(),
    missing: new Map(),
  };
  private readonly watchers = new Set<(intent: Intent) => void>();
  private now: Swarm;
  private deaths = 0;
  private hasJumped = false;
  /** Until when each store was, or is to be, disconnected. */
  private readonly leftUntil = new Map<StoreId, number>();
  private isHealed = false;

  constructor(
    readonly seed: number,
    private readonly surgery: Surgery = {},
    isStoryKept = false,
  ) {
    const random = new Random(seed);
    this.now = drawSwarm(random.fork());
    this.random = random.fork();
    this.trace = new Trace(isStoryKept);
    this.kernel = new Kernel(random.fork(), this.trace, START);
    this.kernel.coarseMs = this.now.coarseMs;
    this.ids = new SimulatedIds(this.kernel);
    const { crashes, nodes, sharedRows } = this.now;
    this.crashes = new Crashes(random.fork(), this.coverage, crashes.rate, crashes.most);
    this.stripe = new SimulatedStripe(this.kernel, random.fork(), {
      captured: (intent) => this.witness(() => this.invariants.captured(intent)),
      refunded: (refund) => this.witness(() => this.invariants.refunded(refund)),
      happened: (notice) => this.news(notice),
      misused: (key) => this.coverage.count(`key used for other bytes: ${key.split(':')[1]}`),
    });
    const names = nodes === 2 ? ['a', 'b'] : ['a'];
    const shelf = new Shelf();
    this.shelves = names.map((_, at) => (at === 0 || sharedRows ? shelf : new Shelf()));
    this.skews = names.map(() => ({ ms: 0 }));
    this.nodes = names.map((name, at) => this.node(name, at));
    this.webhooks = new Webhooks(
      this.kernel,
      random.fork(),
      this.coverage,
      this.swarm,
      () => this.someNode(),
      (store) => !this.road.disconnected.has(store),
    );
    this.invariants = new Invariants({
      disk: this.disk,
      stripe: this.stripe,
      inbox: this.inbox,
      books: this.books,
      nodes,
      deaths: () => this.deaths,
      rows: () => [...new Set(this.shelves)].map(({ rows }) => rows),
      hasJumped: () => this.hasJumped,
      hasLeft: (store) => this.kernel.now - (this.leftUntil.get(store) ?? 0) <= MINUTE,
      projections: projectionsOf(this.now),
    });
    this.disk.watch((events) => {
      for (const event of events) {
        this.books.read(event);
        if (this.trace.isKept) this.trace.tell(inWords(event), this.kernel.now);
        this.witness(() => this.invariants.appended(event));
      }
    });
  }

  readonly swarm = (): Swarm => this.now;

  /** All that has happened, whatever a node's clock said of it. */
  get lifetime(): Period {
    const at = (ms: number) => new Date(ms).toISOString();
    return { from: at(Date.parse(START) - DAY), to: at(this.kernel.now + 2 * DAY) };
  }

  /** Told when a bank wants to hear from a customer. */
  onAction(watcher: (intent: Intent) => void): void {
    this.watchers.add(watcher);
  }

  /** The node that a call from outside meets: mostly one that is up. */
  someNode(): AppNode {
    const up = this.nodes.filter(({ isUp }) => isUp);
    return up.length > 0 && this.random.happens(0.9) ? this.random.pick(up) : this.random.pick(this.nodes);
  }

  boot(): void {
    for (const node of this.nodes) node.boot();
    this.plan();
  }

  /** From now on nothing goes wrong any more. */
  heal(): void {
    this.isHealed = true;
    this.now = healed(this.now);
    this.kernel.coarseMs = this.now.coarseMs;
    this.crashes.end();
    this.road.isShut = false;
    this.road.refused.clear();
    this.road.disconnected.clear();
    this.road.missing.clear();
    for (const [store, until] of this.leftUntil) this.leftUntil.set(store, Math.min(until, this.kernel.now));
    for (const skew of this.skews) skew.ms = 0;
    for (const node of this.nodes) node.boot();
  }

  /** From now on no call of ours reaches Stripe for this store, and nothing of Stripe's reaches us. */
  disconnect(store: StoreId, minutes: number): void {
    if (this.isHealed) return;
    this.road.disconnected.add(store);
    this.leftUntil.set(store, this.kernel.now + minutes * MINUTE);
    if (minutes > LONG_MINUTES) this.kernel.coarseMs = 1_800_000;
    this.kernel.after(minutes * MINUTE, 'a store is connected again', () => {
      this.road.disconnected.delete(store);
      this.kernel.coarseMs = this.now.coarseMs;
    });
  }

  /** Stops the run where a promise is broken, without a word to the code under test. */
  witness(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.kernel.break(error);
    }
  }

  /** What is to happen from outside, at its hour. */
  private plan(): void {
    const { outage, clockJumpMs, minutes, keyRefused, rightMissing } = this.now;
    const { kernel, random } = this;
    if (outage) {
      const begin = outage.fromMinute * 60_000;
      kernel.after(begin, 'an outage begins', () => this.beginOutage(outage.kind));
      kernel.after(begin + outage.hours * 3_600_000, 'an outage ends', () => this.endOutage());
    }
    if (keyRefused) {
      const { id: store } = random.pick(simulatedStores);
      const begin = keyRefused.fromMinute * 60_000;
      kernel.after(begin, 'a key is revoked', () => !this.isHealed && this.road.refused.add(store));
      kernel.after(begin + keyRefused.minutes * 60_000, 'a key is replaced', () =>
        this.road.refused.delete(store),
      );
    }
    if (rightMissing) {
      const { id: store } = random.pick(simulatedStores);
      const { right, fromMs, minutes } = rightMissing;
      kernel.after(fromMs, 'a right is taken away', () => {
        if (!this.isHealed) this.road.missing.set(store, right);
      });
      kernel.after(fromMs + minutes * 60_000, 'a right is given', () => this.road.missing.delete(store));
    }
    if (clockJumpMs !== 0) {
      kernel.after(random.between(0, minutes * 60_000), 'a clock jumps', () => {
        if (this.isHealed) return;
        this.coverage.count('F18 clock jump');
        this.hasJumped = true;
        random.pick(this.skews).ms = clockJumpMs;
      });
    }
  }

  private beginOutage(kind: 'stripe' | 'nodes'): void {
    if (this.isHealed) return;
    this.coverage.count(
      kind === 'stripe' ? 'F3 outage of Stripe, 25-40 h' : 'F3 outage of our nodes, 25-40 h',
    );
    this.road.isShut = true;
    this.kernel.coarseMs = 1_800_000;
    if (kind === 'nodes') for (const node of this.nodes) node.stop();
  }

  private endOutage(): void {
    this.road.isShut = false;
    this.kernel.coarseMs = this.now.coarseMs;
    for (const node of this.nodes) node.boot();
  }

  private node(name: string, at: number): AppNode {
    return new AppNode(
      name,
      (life) => this.startLife(life, at),
      (node) => this.bury(node, at),
    );
  }

  private startLife(life: Life, at: number): App {
    const { kernel, coverage, surgery, ids } = this;
    const wire = new Wire(kernel, this.random.fork(), coverage, life, this.crashes);
    const shelf = this.shelves[at] as Shelf;
    const reached = (name: string, to: number) => this.witness(() => this.invariants.reached(name, to));
    const log = new SimulatedEventStore(this.disk, wire, this.swarm);
    const rows = new SimulatedReadStore(shelf, wire, this.swarm, reached);
    const line = new StripeLine(this.stripe.keys, wire, this.swarm, this.road);
    const gateway = new SimulatedPaymentGateway(this.stripe, line);
    const refundGateway = new SimulatedRefundGateway(this.stripe.back, line);
    const stripeBooks = new SimulatedStripeBooks(this.stripe, line);
    const mailer = new SimulatedMailer(this.inbox, wire, this.swarm);
    let app: App | undefined;
    const theatre: Theatre = {
      wire,
      ids,
      streams: () => {
        if (!app) throw new Error('the app is not put together yet');
        return app.streams;
      },
    };
    const store = surgery.eventStore ? surgery.eventStore(log, theatre) : log;
    const ports = {
      eventStore: new WitnessedEventStore(store, (ack) =>
        this.witness(() => this.invariants.acknowledged(ack)),
      ),
      readStore: surgery.readStore ? surgery.readStore(rows, theatre) : rows,
      gateway: surgery.gateway ? surgery.gateway(gateway, theatre) : gateway,
      refundGateway: surgery.refundGateway ? surgery.refundGateway(refundGateway, theatre) : refundGateway,
      stores: new SimulatedStoreDirectory(this.road),
      stripeBooks: surgery.stripeBooks ? surgery.stripeBooks(stripeBooks, theatre) : stripeBooks,
      mailer: surgery.mailer ? surgery.mailer(mailer, theatre) : mailer,
      clock: new SimulatedClock(kernel, life, this.skews[at] as Skew),
      ids,
    };
    app = startApp(ports, surgery, theatre, this.now);
    return app;
  }

  private bury(node: AppNode, at: number): void {
    this.deaths += 1;
    const { crashes, sharedRows } = this.now;
    const isAlone = !sharedRows || this.nodes.every(({ isUp }) => !isUp);
    if (isAlone && !this.isHealed && this.random.happens(crashes.rowsLost)) {
      this.coverage.count('F16 read model lost');
      this.shelves[at]?.lose();
    }
    if (this.road.isShut && this.now.outage?.kind === 'nodes') return;
    this.kernel.after(this.random.between(10, crashes.longestDownMs), `${node.name} starts again`, () =>
      node.boot(),
    );
  }

  private news(notice: StripeNotice): void {
    if ((observedEvents as readonly string[]).includes(notice.type)) this.webhooks.send(notice);
    const intent = this.stripe.intents.get(notice.object.id);
    if (notice.type === 'payment_intent.requires_action' && intent) {
      for (const watcher of this.watchers) watcher(intent);
    }
  }
}

function inWords({ position, type, stream, revision, data }: RecordedEvent): string {
  return `  EVENT ${position} ${type} of ${stream} #${revision} ${JSON.stringify(data)}`;
}

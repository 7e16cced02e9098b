import { Refusal } from '../../../src/shared/domain/refusal.js';
import { Life } from '../kernel/life.js';
import type { App } from './wiring.js';

/** What a client hears of a call: an answer, a refusal with its reason, or nothing. */
export type Reply<T> =
  | Readonly<{ kind: 'answer'; value: T }>
  | Readonly<{ kind: 'refused'; code: string }>
  | Readonly<{ kind: 'silence' }>;

const silence = { kind: 'silence' } as const;

/** One machine, over all the lives of its process. */
export class AppNode {
  private running: { app: App; life: Life } | undefined;
  private lives = 0;

  constructor(
    readonly name: string,
    private readonly start: (life: Life) => App,
    private readonly onDeath: (node: AppNode) => void,
  ) {}

  get isUp(): boolean {
    return this.running !== undefined;
  }

  get app(): App | undefined {
    return this.running?.app;
  }

  boot(): void {
    if (this.running) return;
    this.lives += 1;
    const life = new Life(`${this.name}.${this.lives}`);
    life.onEnd(() => {
      this.running = undefined;
      this.onDeath(this);
    });
    const app = this.start(life);
    if (life.alive) this.running = { app, life };
  }

  stop(): void {
    this.running?.life.end();
  }

  /** A client's call, over a line that breaks when the process dies. */
  async ask<T>(work: (app: App) => Promise<T>): Promise<Reply<T>> {
    const { running } = this;
    if (!running) return silence;
    const { app, life } = running;
    const died = new Promise<Reply<T>>((resolve) => life.onEnd(() => resolve(silence)));
    return Promise.race([died, answered(work(app))]);
  }
}

async function answered<T>(work: Promise<T>): Promise<Reply<T>> {
  try {
    return { kind: 'answer', value: await work };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Refusal ? error.cause : error;
    if (cause instanceof Refusal) return { kind: 'refused', code: cause.code };
    if (isOurs(error)) return silence;
    throw error;
  }
}

/** Failures that the edge answers with 5xx: the client learns nothing by them. */
function isOurs(error: unknown): boolean {
  const names = [
    'EventStoreUnavailable',
    'AppendInDoubt',
    'GatewayUnreachable',
    'GatewayRefused',
    'GatewayForbidden',
    'Replayed',
  ];
  return error instanceof Error && (names.includes(error.name) || error.message.includes('is away'));
}

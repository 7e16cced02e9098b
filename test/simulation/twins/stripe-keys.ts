import type { Kernel } from '../kernel/kernel.js';

/** Stripe keeps what it answered under a key for at least a day; this one not a moment longer. */
const KEPT_MS = 24 * 3_600_000;

type Stored = Readonly<{ at: number; asked: string; answer: unknown }>;

/** A failure of Stripe's own that it has stored under a key, and tells again for as long as it keeps the key. */
export class StoredFailure extends Error {
  override readonly name = 'StoredFailure';
}

/** What Stripe has answered under each key, told again to whoever asks the same. */
export class StripeKeys {
  private readonly stored = new Map<string, Stored>();
  pruned = 0;
  /** Until then a call cannot be made, since a failure is stored under each of its keys. */
  failsUntil = 0;

  constructor(
    private readonly kernel: Kernel,
    private readonly onMisuse: (key: string) => void,
  ) {}

  /** `failing`: whether this first call ends in a failure that is stored, with its effect or without. */
  under<T>(key: string, asked: string, failing: 'before' | 'after' | null, work: () => T): T {
    const known = this.find(key);
    if (known) {
      if (known.asked !== asked) this.onMisuse(key);
      return told(known.answer);
    }
    const answer = failing === 'before' ? new StoredFailure('500') : outcome(work);
    const stored = failing === 'after' ? new StoredFailure('500') : answer;
    this.stored.set(key, { at: this.kernel.now, asked, answer: stored });
    return told(stored);
  }

  /** A failure was told under each of these keys of one call. */
  exhausted(keys: readonly string[]): void {
    const made = keys.map((key) => this.stored.get(key)?.at ?? this.kernel.now);
    this.failsUntil = Math.max(this.failsUntil, Math.min(...made) + KEPT_MS);
  }

  private find(key: string): Stored | undefined {
    const known = this.stored.get(key);
    if (!known || this.kernel.now - known.at < KEPT_MS) return known;
    this.stored.delete(key);
    this.pruned += 1;
    return undefined;
  }
}

function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

function told<T>(answer: unknown): T {
  if (answer instanceof Error) throw answer;
  return answer as T;
}

import { Injectable } from '@nestjs/common';
import { Refusal } from '../domain/refusal.js';
import { Claims } from './claims.js';
import { Clock } from './ports/clock.port.js';

/** A repeated call waits this long for the first one's answer. */
export const WAITS_FOR_ANSWER_MS = 20_000;

/** One call under an Idempotency-Key, as the edge saw it. */
export type IdempotentCall = Readonly<{
  /** Who calls and in which store: keys of two callers never meet. */
  caller: string;
  /** `POST /v1/orders/SO-1042/charges` */
  route: string;
  key: string;
  /** SHA-256 of the body, however its fields are ordered. */
  bodyHash: string;
}>;

/** The resource that a key is bound to, for ever. */
export type Bound = Readonly<{ id: string; isNew: boolean }>;

/** An answer; `replayed` where the key was used before, or is being used by a call that came first. */
export type Once<T> = Readonly<{ value: T; replayed: boolean }>;

/** A repeated call that is refused, or that waited for one that failed. `cause` is the failure. */
export class Replayed extends Error {
  override readonly name = 'Replayed';
  constructor(override readonly cause: unknown) {
    super('a repeated call failed');
  }
}

type Flight = Readonly<{ bodyHash: string; answer: Promise<unknown> }>;

/**
 * One key, one resource. The binding is durable and is made before any work; the answer is not stored but
 * derived again from the resource, so a crash between the two loses nothing and repeats nothing.
 */
@Injectable()
export class Idempotency {
  private readonly flights = new Map<string, Flight>();

  constructor(
    private readonly claims: Claims,
    private readonly clock: Clock,
  ) {}

  /**
   * Runs `work` for the resource that the key is bound to. Calls with the same key at the same time share one run.
   * @param makeId a fresh id each time it is asked, for the resource of a key that is new
   * @throws Refusal `idempotency_key_reused` (another body), `idempotency_in_progress` (no answer in 20 s);
   * Replayed with the refusal of a repeated call, or the failure of the run that was waited for
   */
  async once<T>(
    call: IdempotentCall,
    makeId: () => string,
    work: (bound: Bound) => Promise<T>,
  ): Promise<Once<T>> {
    const name = nameOf(call);
    const flight = this.flights.get(name);
    if (flight) {
      if (flight.bodyHash !== call.bodyHash) throw reused();
      return { value: await this.waitFor(flight as { answer: Promise<T> }), replayed: true };
    }
    let repeated = false;
    const answer = this.begin(call, makeId).then((bound) => {
      repeated = !bound.isNew;
      return work(bound);
    });
    this.flights.set(name, { bodyHash: call.bodyHash, answer });
    try {
      return { value: await answer, replayed: repeated };
    } catch (failure) {
      throw repeated && failure instanceof Refusal ? new Replayed(failure) : failure;
    } finally {
      this.flights.delete(name);
    }
  }

  /** Binds the key to a resource, or finds the one it is bound to. @throws Refusal `idempotency_key_reused` */
  async begin(call: IdempotentCall, makeId: () => string): Promise<Bound> {
    const mine = { id: makeId(), body: call.bodyHash };
    const owner = await this.claims.claim('idempotency', nameOf(call), mine);
    if (owner['body'] !== mine.body || owner['id'] === undefined) throw reused();
    return { id: owner['id'], isNew: owner['id'] === mine.id };
  }

  private async waitFor<T>({ answer }: { answer: Promise<T> }): Promise<T> {
    const late = new AbortController();
    const timeout = this.clock.sleep(WAITS_FOR_ANSWER_MS, late.signal).then(() => {
      throw new Refusal(
        'idempotency_in_progress',
        'The first call with this key has no answer yet. Repeat this one.',
      );
    });
    timeout.catch(() => undefined);
    try {
      return await Promise.race([answer.catch(replay), timeout]);
    } finally {
      late.abort();
    }
  }
}

function replay(failure: unknown): never {
  throw new Replayed(failure);
}

function nameOf({ caller, route, key }: IdempotentCall): string {
  return JSON.stringify([caller, route, key]);
}

function reused(): Refusal {
  return new Refusal('idempotency_key_reused', 'This Idempotency-Key belongs to a call with another body.');
}

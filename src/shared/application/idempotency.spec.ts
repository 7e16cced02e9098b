import { beforeEach, describe, expect, test } from '@jest/globals';
import { Refusal } from '../domain/refusal.js';
import type { Claims, Owner } from './claims.js';
import { Idempotency, type IdempotentCall, Replayed, WAITS_FOR_ANSWER_MS } from './idempotency.js';
import { Clock } from './ports/clock.port.js';

/** Claims as the log keeps them, without the log. */
class FirstWins implements Pick<Claims, 'claim'> {
  private readonly owners = new Map<string, Owner>();
  async claim(kind: string, key: string, owner: Owner): Promise<Owner> {
    const first = this.owners.get(`${kind}|${key}`) ?? owner;
    this.owners.set(`${kind}|${key}`, first);
    return first;
  }
}

/** Time that passes when told to. */
class HeldClock extends Clock {
  private readonly waiting: { ms: number; wake: () => void }[] = [];
  now() {
    return new Date('2026-11-23T10:00:00.000Z');
  }
  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.waiting.push({ ms, wake }));
  }
  pass(ms: number) {
    for (const sleeper of this.waiting) if (sleeper.ms <= ms) sleeper.wake();
  }
}

const call: IdempotentCall = {
  caller: 'key_1@store_1',
  route: 'POST /v1/orders/1/charges',
  key: 'k',
  bodyHash: 'h',
};
const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('a call with an Idempotency-Key', () => {
  let made = 0;
  let clock: HeldClock;
  let idempotency: Idempotency;
  const makeId = () => `pay_${++made}`;
  const refusing = (code: string) => expect.objectContaining({ code });
  const echo = async ({ id, isNew }: { id: string; isNew: boolean }) => ({ id, isNew });

  beforeEach(() => {
    made = 0;
    clock = new HeldClock();
    idempotency = new Idempotency(new FirstWins() as unknown as Claims, clock);
  });

  test('names a new resource', async () => {
    expect(await idempotency.once(call, makeId, echo)).toEqual({
      value: { id: 'pay_1', isNew: true },
      replayed: false,
    });
  });

  test('names the same resource when it is repeated, for ever', async () => {
    await idempotency.once(call, makeId, echo);
    expect(await idempotency.once(call, makeId, echo)).toEqual({
      value: { id: 'pay_1', isNew: false },
      replayed: true,
    });
  });

  test.each([
    ['another caller', { caller: 'key_2@store_1' }],
    ['another store', { caller: 'key_1@store_2' }],
    ['another address', { route: 'POST /v1/orders/2/charges' }],
    ['another key', { key: 'K' }],
  ])('of %s is another call', async (_, change) => {
    await idempotency.once(call, makeId, echo);
    const { value } = await idempotency.once({ ...call, ...change }, makeId, echo);
    expect(value).toEqual({ id: 'pay_2', isNew: true });
  });

  test('does not go with another body, neither later nor at the same time', async () => {
    const first = idempotency.once(call, makeId, echo);
    await expect(idempotency.once({ ...call, bodyHash: 'x' }, makeId, echo)).rejects.toEqual(
      refusing('idempotency_key_reused'),
    );
    await first;
    await expect(idempotency.once({ ...call, bodyHash: 'x' }, makeId, echo)).rejects.toEqual(
      refusing('idempotency_key_reused'),
    );
  });

  test('works once for fifty at the same time, and answers all of them alike', async () => {
    let runs = 0;
    const work = async ({ id }: { id: string }) => {
      runs++;
      await turns();
      return { id, run: runs };
    };
    const answers = await Promise.all(Array.from({ length: 50 }, () => idempotency.once(call, makeId, work)));
    expect(runs).toBe(1);
    expect(new Set(answers.map(({ value }) => JSON.stringify(value)))).toEqual(
      new Set(['{"id":"pay_1","run":1}']),
    );
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  test('fails alike for all who waited, and is tried again by the next', async () => {
    const declined = new Refusal('card_declined', 'no');
    const work = async () => {
      await turns();
      throw declined;
    };
    const outcomes = await Promise.allSettled([
      idempotency.once(call, makeId, work),
      idempotency.once(call, makeId, work),
    ]);
    expect(outcomes).toEqual([
      { status: 'rejected', reason: declined },
      { status: 'rejected', reason: new Replayed(declined) },
    ]);
    expect((await idempotency.once(call, makeId, echo)).value.id).toBe('pay_1');
  });

  test('that is refused again is told so', async () => {
    const declined = new Refusal('card_declined', 'no');
    const work = () => Promise.reject(declined);
    await expect(idempotency.once(call, makeId, work)).rejects.toBe(declined);
    await expect(idempotency.once(call, makeId, work)).rejects.toEqual(new Replayed(declined));
  });

  test('is told to come back where the first has no answer in 20 s', async () => {
    let finish: (value: string) => void = () => undefined;
    const first = idempotency.once(call, makeId, () => new Promise<string>((resolve) => (finish = resolve)));
    const second = idempotency.once(call, makeId, async () => 'never');
    const refused = expect(second).rejects.toEqual(refusing('idempotency_in_progress'));
    await turns();
    clock.pass(WAITS_FOR_ANSWER_MS);
    await refused;
    finish('done');
    expect(await first).toEqual({ value: 'done', replayed: false });
  });
});

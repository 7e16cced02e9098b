import { describe, expect, test } from '@jest/globals';
import { Ids } from '../engine/ids.js';
import { FaultRule, FaultRules } from './rules.js';

const call = (path: string) => ({ method: 'POST', path, account: 'acct_1', param: () => null });
const delivery = { type: 'charge.refunded', endpoint: 'we_1', account: 'acct_1' };

function rules(...given: unknown[]): FaultRules {
  const all = new FaultRules(new Ids(1));
  for (const rule of given) all.add(FaultRule.parse(rule));
  return all;
}

describe('a fault rule', () => {
  test('strikes once unless it is told otherwise', () => {
    const once = rules({ effect: 'hang_after' });
    expect([once.forCall(call('/a'))?.kind, once.forCall(call('/a'))]).toEqual(['hang_after', undefined]);
    const always = rules({ effect: 'drop', times: 'unlimited' });
    for (let n = 0; n < 5; n++) expect(always.forDelivery(delivery)?.effect.kind).toBe('drop');
  });

  test('strikes calls or deliveries, never both', () => {
    const all = rules({ effect: 'drop' }, { effect: 'hang_before' });
    expect(all.forCall(call('/a'))?.kind).toBe('hang_before');
    expect(all.forDelivery(delivery)?.effect.kind).toBe('drop');
  });

  test('looks at path, type and account; a star stands for anything', () => {
    const all = rules({ match: { path: '/v1/payment_intents/*/confirm' }, effect: 'reset_before' });
    expect(all.forCall(call('/v1/payment_intents'))).toBeUndefined();
    expect(all.forCall(call('/v1/payment_intents/pi_1/confirm'))?.kind).toBe('reset_before');
    const hooks = rules({ match: { type: 'charge.*', account: 'acct_2' }, effect: 'drop' });
    expect(hooks.forDelivery(delivery)).toBeUndefined();
    expect(hooks.forDelivery({ ...delivery, account: 'acct_2' })).toBeDefined();
  });

  test('strikes by chance the same way for the same seed', () => {
    const pattern = () => {
      const all = rules({ match: { probability: 0.3, seed: 42 }, effect: 'rate_limit', times: 'unlimited' });
      return Array.from({ length: 30 }, () => all.forCall(call('/a')) !== undefined);
    };
    expect(pattern()).toEqual(pattern());
    expect(new Set(pattern()).size).toBe(2);
  });

  test('is refused where it makes no sense', () => {
    for (const effect of [
      'explode',
      { kind: 'latency', ms: -1 },
      { kind: 'status_after', status: 200 },
      null,
    ]) {
      expect(FaultRule.safeParse({ effect }).success).toBe(false);
    }
  });
});

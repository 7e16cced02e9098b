import { describe, expect, test } from '@jest/globals';
import { Health } from './health.js';

describe('a look at the health', () => {
  test('names each check and why it is not well', async () => {
    const health = new Health();
    health.add('log', async () => undefined);
    health.add('read_model', async () => 'orders is 2000 events behind');
    health.add('mail', async () => {
      throw new TypeError('password hunter2 refused');
    });
    expect(await health.look()).toEqual([
      { name: 'log', ok: true, reason: null },
      { name: 'read_model', ok: false, reason: 'orders is 2000 events behind' },
      { name: 'mail', ok: false, reason: 'TypeError' },
    ]);
  });

  test('does not wait for ever', async () => {
    const health = new Health(20);
    health.add('stuck', () => new Promise(() => undefined));
    expect(await health.look()).toEqual([{ name: 'stuck', ok: false, reason: 'no answer in 20 ms' }]);
  });
});

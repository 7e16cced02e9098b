import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { type Fields, Log } from './log.js';
import { Secret } from './secret.js';

function logAt(level: ConstructorParameters<typeof Log>[0]) {
  const lines: string[] = [];
  const log = new Log(level, (line) => lines.push(line));
  return { log, entries: () => lines.map((line) => JSON.parse(line)) };
}

describe('a line of the log', () => {
  test('is one JSON object with its fields', () => {
    const { log, entries } = logAt('info');
    log.info('request', { method: 'GET', status: 200, key_id: undefined });
    const at = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(entries()).toEqual([{ at, level: 'info', message: 'request', method: 'GET', status: 200 }]);
  });

  test('carries no field that is not on the list', () => {
    const { log, entries } = logAt('info');
    log.info('x', { email: 'ada@example.test', authorization: 'Bearer x', status: 1 } as Fields);
    expect(Object.keys(entries()[0])).toEqual(['at', 'level', 'message', 'status']);
  });

  test('is not written below the level', () => {
    const { log, entries } = logAt('warn');
    log.info('no');
    log.debug('no');
    log.warn('yes');
    log.error('yes');
    expect(entries().map(({ message }) => message)).toEqual(['yes', 'yes']);
  });

  test('is not written at all where it is silent', () => {
    const { log, entries } = logAt('silent');
    log.fault('x', new Error('x'));
    expect(entries()).toEqual([]);
  });

  test('tells of a failure by its class and place, not by its words', () => {
    const { log, entries } = logAt('info');
    const failure = new Error('card 4242 of ada@example.test', { cause: new RangeError('secret') });
    log.fault('request failed', Object.assign(failure, { code: 'ECONNREFUSED' }), { request_id: 'req_1' });
    expect(entries()[0]).toMatchObject({
      error: 'Error',
      cause: 'RangeError',
      errno: 'ECONNREFUSED',
      request_id: 'req_1',
    });
    expect(entries()[0].at_code[0]).toContain('log.spec');
    expect(JSON.stringify(entries())).not.toMatch(/ada|4242|secret/);
  });

  test('tells a programmer’s mistake in its own words', () => {
    const { log, entries } = logAt('info');
    log.error(new TypeError('order.lines is not iterable'));
    expect(entries()[0]).toMatchObject({ error: 'TypeError', says: 'order.lines is not iterable' });
  });

  test('of Nest’s own start is for debugging', () => {
    const { log, entries } = logAt('info');
    log.log('Mapped {/v1, GET} route', 'RouterExplorer');
    log.log('swept', 'Sweep');
    expect(entries()).toMatchObject([{ message: 'swept', context: 'Sweep' }]);
  });

  test.each([
    ['ada@example.test'],
    ['sk_test_51Habc'],
    ['whsec_abc'],
    ['qk_live_abc'],
    ['4242 4242 4242 4242'],
    ['dGhpcyBpcyBhIHRva2VuIG9mIGEgcGF5bWVudCBsaW5r'],
  ])('in free words loses %s', (data) => {
    const { log, entries } = logAt('info');
    log.warn(`mail to ${data} failed`, 'Outbox');
    expect(entries()[0].message).toBe('mail to [removed] failed');
  });

  test('never spells out an object', () => {
    const { log, entries } = logAt('info');
    log.warn({ email: 'ada@example.test' });
    expect(entries()[0].message).toBe('a object');
  });
});

test('a secret shows itself only when asked', () => {
  const secret = new Secret('hunter2');
  const shown = [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }),
    inspect(secret, { showHidden: true }),
  ];
  expect(shown.join()).not.toContain('hunter2');
  expect(shown.join()).toContain('[secret]');
  expect(secret.reveal()).toBe('hunter2');
});

import { describe, expect, test } from '@jest/globals';
import { Refusal } from '../../../shared/domain/refusal.js';
import { asked, daysBefore, includes, widened } from './period.js';

const now = '2026-11-20T09:30:00.000Z';

describe('a period', () => {
  test('of two dates holds both days whole', () => {
    const november = asked('2026-11-01', '2026-11-20', now);
    expect(november).toEqual({ from: '2026-11-01T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' });
    expect(includes(november, '2026-11-20T23:59:59.999Z')).toBe(true);
    expect(includes(november, '2026-11-21T00:00:00.000Z')).toBe(false);
    expect(includes(november, '2026-11-01T00:00:00.000Z')).toBe(true);
  });

  test('of one date is that day', () => {
    expect(asked('2026-11-03', '2026-11-03', now)).toEqual({
      from: '2026-11-03T00:00:00.000Z',
      to: '2026-11-04T00:00:00.000Z',
    });
  });

  test('of two instants is between them, wherever they were written', () => {
    expect(asked('2026-11-01T02:00:00+02:00', '2026-11-01T05:30:00Z', now)).toEqual({
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-11-01T05:30:00.000Z',
    });
  });

  const refused = [
    ['2026-11-02', '2026-11-01', 'The period ends before it begins.'],
    ['2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z', 'The period ends before it begins.'],
    ['2026-08-01', '2026-11-01', 'A period is at most 92 days long.'],
    ['2026-11-19', '2026-11-21', 'The period ends after today.'],
    ['2026-11-19T00:00:00Z', '2026-11-21T00:00:01Z', 'The period ends after today.'],
  ] as const;
  test.each(refused)('from %s to %s is refused: %s', (from, to, detail) => {
    const refusal = expect.objectContaining({ code: 'validation_failed', facts: { param: '/to' }, detail });
    expect(refusalOf(() => asked(from, to, now))).toEqual(refusal);
  });

  test('may end with today, and at the last instant of it', () => {
    expect(asked('2026-11-20', '2026-11-20', now).to).toBe('2026-11-21T00:00:00.000Z');
    expect(asked('2026-11-20', '2026-11-21T00:00:00Z', now).to).toBe('2026-11-21T00:00:00.000Z');
  });

  test('of 92 days is the longest', () => {
    expect(asked('2026-08-21', '2026-11-20', now).from).toBe('2026-08-21T00:00:00.000Z');
  });

  test('widened reaches so far to both sides', () => {
    expect(widened(asked('2026-11-03', '2026-11-03', now), 1500)).toEqual({
      from: '2026-11-02T23:59:58.500Z',
      to: '2026-11-04T00:00:01.500Z',
    });
  });

  test('of days before this one are whole days, the latest first', () => {
    expect(daysBefore(now, 2)).toEqual([
      { from: '2026-11-19T00:00:00.000Z', to: '2026-11-20T00:00:00.000Z' },
      { from: '2026-11-18T00:00:00.000Z', to: '2026-11-19T00:00:00.000Z' },
    ]);
  });
});

function refusalOf(ask: () => unknown): unknown {
  try {
    return ask();
  } catch (error) {
    return error instanceof Refusal ? error : null;
  }
}

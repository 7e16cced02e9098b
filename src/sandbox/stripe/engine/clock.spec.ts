import { describe, expect, test } from '@jest/globals';
import { VirtualClock } from './clock.js';

describe('virtual time', () => {
  const start = Date.parse('2026-11-24T10:00:00Z');

  test('runs as fast as it is told, or stands still', () => {
    let real = 0;
    const clock = new VirtualClock({ virtual: start, real: 0, rate: 1 }, () => real);
    real = 1000;
    expect(clock.now).toBe(start + 1000);
    clock.setRate(60);
    real = 2000;
    expect(clock.now).toBe(start + 61_000);
    clock.setRate(0);
    real = 50_000;
    expect(clock.now).toBe(start + 61_000);
    clock.stop();
  });

  test('rings each alarm at its own time on the way forward, in order', () => {
    const clock = new VirtualClock({ virtual: start, real: 0, rate: 0 }, () => 0);
    const rung: [string, number][] = [];
    const note = (name: string) => rung.push([name, clock.now - start]);
    clock.at(start + 3000, () => note('third'));
    clock.at(start + 1000, () => {
      note('first');
      clock.at(start + 2000, () => note('second'));
    });
    clock.at(start + 9000, () => note('too late'));
    clock.advance(5000);
    expect(rung).toEqual([
      ['first', 1000],
      ['second', 2000],
      ['third', 3000],
    ]);
    expect(clock.now).toBe(start + 5000);
    clock.stop();
  });

  test('rings what is past even where time stands still, but never within the call', async () => {
    const clock = new VirtualClock({ virtual: start, real: 0, rate: 0 }, () => 0);
    let rung = false;
    const ringing = new Promise<void>((resolve) => {
      clock.at(start, () => {
        rung = true;
        resolve();
      });
    });
    expect(rung).toBe(false);
    await ringing;
    clock.stop();
  });
});

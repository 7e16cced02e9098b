import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { event } from '../../../../test/contracts/event-store.contract.js';
import { expectedHash, GENESIS, hashOf, seal, textOf, unseal } from './hash-chain.js';

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => ({ value: JSON.parse(JSON.stringify(value)) }));
const events = fc
  .array(json, { minLength: 1, maxLength: 5 })
  .map((list) => list.map((data, n) => event(`e${n}`, data)));
const wellFormed = (list: readonly { data: unknown }[]) =>
  JSON.stringify(list).match(/\\ud[89a-f]/i) === null;

describe('the hash chain', () => {
  test('covers the text as people can compute it with any tool', () => {
    const [sealed] = seal('s-1', 0, GENESIS, textOf('s-1', [event('a', { b: 1, a: 'ü' })]));
    expect(sealed).toMatchObject({ data: '{"a":"ü","b":1}', metadata: '{"actor_kind":"system"}' });
    // printf '1|000…|s-1|0|00…61|Happened|1|{"actor_kind":"system"}|{"a":"ü","b":1}' | sha256sum
    expect(sealed?.hash).toBe('b9bcb34fb4e8c067b7d8220e754e2cb1e8df46a0aca8ca30e1dcb82c61f9b215');
  });

  test('reads back what was written, and the same from an export', () =>
    fc.assert(
      fc.property(events.filter(wellFormed), (list) => {
        let previous = GENESIS;
        for (const [at, sealed] of seal('s-1', 0, GENESIS, textOf('s-1', list)).entries()) {
          const recorded = unseal(sealed, at + 1);
          expect(recorded).toMatchObject({ ...list[at], revision: at });
          const exported = JSON.parse(JSON.stringify(recorded));
          expect(expectedHash(exported, previous)).toBe(sealed.hash);
          expect(sealed.previousHash).toBe(previous);
          previous = sealed.hash;
        }
      }),
      { numRuns: 200 },
    ));

  test('is the same however the members of an event were ordered', () => {
    const one = textOf('s', [event('a', { x: 1, y: { p: 1, q: 2 } })]);
    expect(textOf('s', [event('a', { y: { q: 2, p: 1 }, x: 1 })])).toEqual(one);
  });

  test('notices any change of any character', () => {
    const [, second] = seal('s-1', 0, GENESIS, textOf('s-1', [event('a'), event('b', { amount: 1_000 })]));
    if (!second) throw new Error('two were sealed');
    const { hash, ...rest } = second;
    const parts = Object.keys(rest) as (keyof typeof rest)[];
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.nat(), fc.integer({ min: 1, max: 127 }), (part, at, flip) => {
        const value = String(rest[part]);
        const place = at % value.length;
        const code = value.charCodeAt(place) ^ flip;
        const changed = value.slice(0, place) + String.fromCharCode(code) + value.slice(place + 1);
        expect(hashOf({ ...rest, [part]: changed })).not.toBe(hash);
        expect(() => unseal({ ...second, [part]: changed }, 2)).toThrow('do not match');
      }),
      { numRuns: 500 },
    );
  });

  test('tells events apart whose parts would run together', () => {
    const [plain] = textOf('s', [event('a', { a: '|' })]);
    const [other] = textOf('s', [{ ...event('a', {}), metadata: { a: '|{}' } }]);
    const hashes = [plain, other].map((text) => text && seal('s', 0, GENESIS, [text])[0]?.hash);
    expect(new Set(hashes).size).toBe(2);
  });
});

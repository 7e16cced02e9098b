import { describe, expect, test } from '@jest/globals';
import { parseForm } from './form.js';

describe('a form', () => {
  test('is as nested as its names', () => {
    expect(parseForm('a=1&m[order]=SO-1&l[0][p][u]=5&l[1][p][u]=6&e[]=x&e[]=y')).toEqual({
      a: '1',
      m: { order: 'SO-1' },
      l: [{ p: { u: '5' } }, { p: { u: '6' } }],
      e: ['x', 'y'],
    });
  });

  test('keeps what is written, whatever it is', () => {
    expect(parseForm('d=a%26b%3Dc+%C3%A9')).toEqual({ d: 'a&b=c é' });
    expect(parseForm('')).toEqual({});
  });

  test.each([
    '__proto__[x]=1',
    'a[constructor][y]=1',
    'a[b=1',
    '[a]=1',
    'a=1&a[b]=2',
    `a${'[b]'.repeat(9)}=1`,
  ])('makes no sense as %s', (text) => {
    expect(parseForm(text)).toBeUndefined();
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dayOf, minuteOf } from './calendar.js';
import { markup, verbatim } from './markup.js';
import { oneLine, plainText, withoutLinks } from './plain-text.js';

describe('markup', () => {
  test('shows values as text', () =>
    expect(String(markup`<p title="${'"><b>'}">${"<script>'`&"}</p>`)).toBe(
      '<p title="&#34;&#62;&#60;b&#62;">&#60;script&#62;&#39;&#96;&#38;</p>',
    ));
  test('holds other markup, lists of it, and nothing', () =>
    expect(
      String(markup`<ul>${[1, 2].map((n) => markup`<li>${n}</li>`)}${null}${false}${undefined}</ul>`),
    ).toBe('<ul><li>1</li><li>2</li></ul>'));
  test('keeps our own HTML as it is', () => expect(String(markup`${verbatim('<br>')}`)).toBe('<br>'));
  test('never lets text become HTML', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(String(markup`${text}`)).not.toMatch(/[<>"'`]|&(?!#\d+;)/);
      }),
    ));
});

describe('plain text', () => {
  test('keeps lines, and joiners that letters need', () =>
    expect(plainText(' Thank you!\r\n\r\n\r\n\r\n👩‍🚀 می‌خواهم\t! ')).toBe('Thank you!\n\n👩‍🚀 می‌خواهم !'));
  test('takes out what is not seen but acts', () =>
    expect(plainText('a\u0000b\u001b[31mc\u202egnp.exe\u2066d\u200be\ufefff\u{e0041}')).toBe(
      'ab[31mcgnp.exedef',
    ));
  test('is one line where one line is asked for', () =>
    expect(oneLine('a\r\nBcc:\u2028b\n\n c')).toBe('a Bcc: b c'));
  test.each([
    'see https://evil.test/x?y=1',
    'or www.evil.com',
    'or evil.co.uk/login',
    'mail me@evil.test',
    'ftp://evil',
    '1.2.evil.com',
  ])('has nothing that becomes a link: %s', (text) => {
    expect(withoutLinks(text)).not.toMatch(/:\/\/|[\p{L}\p{N}]\.\p{L}|\w@\w/u);
    expect(withoutLinks(text).replaceAll('\u2060', '')).toBe(text);
  });
  test('leaves amounts alone', () => expect(withoutLinks('It is 12.50 USD.')).toBe('It is 12.50 USD.'));
});

test('dates are written for people, in UTC', () => {
  expect(dayOf('2026-12-24')).toBe('24 December 2026');
  expect(minuteOf('2026-11-23T09:05:00.000Z')).toBe('23 November 2026, 09:05 UTC');
});

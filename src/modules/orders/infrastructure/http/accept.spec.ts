import { expect, test } from '@jest/globals';
import { preferred } from './accept.js';

const offered = ['application/json', 'text/html', 'application/pdf'] as const;

test.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/pdf', 'application/pdf'],
  ['APPLICATION/PDF', 'application/pdf'],
  ['application/*', 'application/json'],
  ['text/*', 'text/html'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html'],
  ['application/pdf;q=0.5, text/html;q=0.4', 'application/pdf'],
  ['text/html;q=0, */*;q=0.1', 'application/json'],
  ['application/json;q=0, */*', 'text/html'],
  ['image/png', 'application/json'],
  ['', 'application/json'],
  ['text/html;q=two', 'application/json'],
])('who accepts %p gets %s', (accept, type) => {
  expect(preferred(accept, offered)).toBe(type);
});

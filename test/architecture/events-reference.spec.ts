import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { eventsReference } from './events-reference.js';

const file = new URL('../../docs/reference/events.md', import.meta.url);

test('the reference of the events says what the code says', () => {
  const text = eventsReference();
  if (process.env['UPDATE_DOCS']) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
}, 60_000);

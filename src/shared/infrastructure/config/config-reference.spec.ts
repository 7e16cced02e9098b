import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { configReference } from './config-reference.js';

const file = new URL('../../../../docs/reference/config.md', import.meta.url);

test('the reference of the settings says what the schema says', () => {
  if (process.env['UPDATE_DOCS']) writeFileSync(file, configReference());
  expect(readFileSync(file, 'utf8')).toBe(configReference());
});

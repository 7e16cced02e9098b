import { describe, expect, test } from '@jest/globals';
import { specification, stopsAtTheUnheardOf } from '../../../../test/support/specification.js';
import { type ApiKeyEvent, apiKeyDecider, coversStores, type Issued, missingScope } from './api-key.js';

const { given } = specification(apiKeyDecider);
const key: Issued = {
  name: 'Till 3',
  scopes: ['charges:write'],
  stores: ['store_1'],
  hash: 'h',
  prefix: 'qk_test_abcd',
  livemode: false,
};
const issued: ApiKeyEvent = { type: 'ApiKeyIssued', data: key };
const revoked: ApiKeyEvent = { type: 'ApiKeyRevoked', data: {} };

describe('an API key', () => {
  test('is issued', () => given().when({ type: 'IssueKey', key }).then(issued));
  test('is issued once', () => given(issued).when({ type: 'IssueKey', key }).thenNothing());
  test('is revoked', () => given(issued).when({ type: 'RevokeKey' }).then(revoked));
  test('is revoked once', () => given(issued, revoked).when({ type: 'RevokeKey' }).thenNothing());
  test('stays revoked when it is issued again', () =>
    given(issued, revoked).when({ type: 'IssueKey', key }).thenNothing());
  test('that is not there cannot be revoked', () => given().when({ type: 'RevokeKey' }).refused('not_found'));
  test('that was revoked is still known by name', () =>
    given(issued, revoked).thenState({ status: 'revoked', key }));
  test('that was never issued is none, whatever is said of it', () =>
    given(revoked).thenState({ status: 'none' }));
  test('does nothing that nobody has heard of', () => stopsAtTheUnheardOf(apiKeyDecider, issued));
});

describe('a reach', () => {
  const narrow = { scopes: ['orders:read'] as const, stores: ['store_1'] as const };
  test('covers less than itself', () => {
    expect(coversStores({ stores: 'all' }, narrow)).toBe(true);
    expect(coversStores({ stores: ['store_1', 'store_2'] }, narrow)).toBe(true);
  });
  test('does not cover more than itself', () => {
    expect(coversStores(narrow, { stores: 'all' })).toBe(false);
    expect(coversStores(narrow, { stores: ['store_1', 'store_2'] })).toBe(false);
    expect(missingScope(narrow, { ...narrow, scopes: ['orders:read', 'audit:read'] })).toBe('audit:read');
  });
});

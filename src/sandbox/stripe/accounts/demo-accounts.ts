import type { World } from '../engine/world.js';
import { type AccountFacts, newAccount } from '../objects/account.js';

type Demo = Omit<AccountFacts, 'created'> & Readonly<{ key: string; clientId: string | null }>;

/** Accounts that are always there, with keys that anybody may know: nothing here is real. */
const demoAccounts: readonly Demo[] = [
  demo('acct_1DemoLamps0000001', 'lamps', 'Lamps & Co', 'GB', 'gbp'),
  demo('acct_1DemoBooks0000001', 'books', 'Books', 'US', 'usd'),
  demo('acct_1DemoTea000000001', 'tea', 'Tea', 'JP', 'jpy'),
  { ...demo('acct_1DemoPlatform0001', 'platform', 'Platform', 'US', 'usd'), clientId: 'ca_demo_platform' },
];

function demo(id: string, short: string, name: string, country: string, currency: string): Demo {
  return { id, name, country, currency, key: `sk_test_demo_${short}`, clientId: null };
}

export function addDemoAccounts(world: World): void {
  world.books.commit(() => {
    for (const each of demoAccounts) {
      if (world.books.accounts.find(each.id)) continue;
      open(world, each, each.key, each.key.replace(/^sk/, 'pk'), each.clientId);
    }
  });
}

export type NewAccount = Readonly<{ name: string; country: string; default_currency: string }>;

/** Another account, with a key of its own. */
export function addAccount(world: World, { name, country, default_currency }: NewAccount): object {
  const { ids, books } = world;
  const facts = { id: ids.next('account'), name, country, currency: default_currency };
  const key = ids.next('secret_key');
  const publishable = ids.next('publishable_key');
  books.commit(() => open(world, facts, key, publishable, null));
  return { id: facts.id, secret_key: key, publishable_key: publishable, name, country, default_currency };
}

function open(
  { books, clock }: World,
  facts: Omit<AccountFacts, 'created'>,
  key: string,
  publishableKey: string,
  clientId: string | null,
): void {
  const account = newAccount({ ...facts, created: clock.seconds });
  books.accounts.add(account.id, account.id, account, { name: facts.name, publishableKey, clientId });
  books.keys.add(account.id, key, { account: account.id, platform: null, revoked: false }, null);
}

/** Its owner takes one key back, or all of them. Whether there was such an account. */
export function revokeKeys({ books }: World, account: string, only?: string): boolean {
  return books.commit(() => {
    if (!books.accounts.find(account)) return false;
    for (const row of [...books.keys.walk(account, undefined, 1)]) {
      const isMeant = row.object.platform === null && (only === undefined || only === row.id);
      if (isMeant) books.keys.replace(row, { ...row.object, revoked: true });
    }
    return true;
  });
}

/** A new key for the account; the earlier ones stay as they are. */
export function addKey({ books, ids }: World, account: string): string | undefined {
  if (!books.accounts.find(account)) return undefined;
  const key = ids.next('secret_key');
  books.commit(() => books.keys.add(account, key, { account, platform: null, revoked: false }, null));
  return key;
}

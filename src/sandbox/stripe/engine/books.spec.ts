import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { newCustomer } from '../objects/customer.js';
import { Books } from './books.js';
import { FileJournal, noJournal } from './journal.js';

const add = (books: Books, id: string, email = `${id}@example.test`) =>
  books.commit(() => books.customers.add('acct_1', id, newCustomer(id, 1, { email }), null));
const idsIn = (books: Books) => Array.from(books.customers.walk('acct_1', undefined, -1), ({ id }) => id);

describe('the books', () => {
  test('are changed in whole commits or not at all', () => {
    const books = new Books(noJournal);
    const row = add(books, 'cus_1');
    expect(() =>
      books.commit(() => {
        books.customers.replace(row, { ...row.object, name: 'Eve' });
        books.customers.add('acct_1', 'cus_2', newCustomer('cus_2', 1, {}), null);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(idsIn(books)).toEqual(['cus_1']);
    expect(books.customers.find('cus_1')?.object.name).toBeNull();
  });

  test('are not changed outside of one', () => {
    const books = new Books(noJournal);
    expect(() => books.customers.add('acct_1', 'cus_1', newCustomer('cus_1', 1, {}), null)).toThrow('commit');
  });

  test('keep accounts apart', () => {
    const books = new Books(noJournal);
    add(books, 'cus_1');
    expect(books.customers.get('acct_2', 'cus_1')).toBeUndefined();
  });

  test('are the same after they were read back, in the same order', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'books-'));
    const open = async () => {
      const books = new Books(noJournal);
      const journal = await FileJournal.open(
        folder,
        (change) => books.replay(change),
        () => books.snapshot(),
      );
      books.keepIn(journal);
      return { books, journal };
    };
    const first = await open();
    for (const id of ['cus_1', 'cus_2', 'cus_3']) add(first.books, id);
    first.books.commit(() => first.books.customers.remove('cus_2'));
    await first.books.settled();
    await first.journal.close();
    const second = await open();
    expect(idsIn(second.books)).toEqual(['cus_3', 'cus_1']);
    await second.journal.close();
    expect(statSync(join(folder, 'stripe-sandbox.jsonl')).mode & 0o777).toBe(0o600);
    rmSync(folder, { recursive: true });
  });

  test('shrink to what still is when their journal has grown too long', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'books-'));
    const books = new Books(noJournal);
    const journal = await FileJournal.open(
      folder,
      () => undefined,
      () => books.snapshot(),
      20_000,
    );
    books.keepIn(journal);
    for (let n = 0; n < 60; n++) {
      add(books, 'cus_1', `${n}@example.test`);
      await books.settled();
    }
    await journal.close();
    expect(statSync(join(folder, 'stripe-sandbox.jsonl')).size).toBeLessThan(21_000);
    const again = new Books(noJournal);
    await (
      await FileJournal.open(
        folder,
        (change) => again.replay(change),
        () => [],
      )
    ).close();
    expect(again.customers.find('cus_1')?.object.email).toBe('59@example.test');
    rmSync(folder, { recursive: true });
  });
});

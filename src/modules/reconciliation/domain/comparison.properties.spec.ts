import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aMovement, bookingOf, booksOf, november, undoing } from '../../../../test/support/two-books.js';
import type { Booking, Books, Movement, MovementKind } from './books.js';
import { compare } from './comparison.js';
import type { DifferenceKind } from './difference.js';

const START = Date.parse(november.from);
const END = Date.parse(november.to);
/** Far enough from the edges of the period that Stripe's booking, some seconds later, is inside too. */
const within = fc.integer({ min: START, max: END - 60_000 });
const currency = fc.constantFrom('usd', 'eur', 'jpy');

const beginning = fc.record({
  kind: fc.constantFrom<MovementKind>('charge', 'refund', 'dispute'),
  amount: fc.integer({ min: 50, max: 99_999_999 }),
  currency,
  at: within,
  isUndone: fc.boolean(),
});

/** What one log may hold: charges, refunds and disputes, some of them undone. */
const ledger = fc.array(beginning, { minLength: 1, maxLength: 30 }).map((all) =>
  all.flatMap(({ kind, amount, currency, at, isUndone }, n): Movement[] => {
    const source = `${kind}_${n}`;
    const sign = kind === 'charge' ? 1 : -1;
    const fee = kind === 'charge' ? { amount: Math.round(amount * 0.029) + 30, currency } : null;
    const one = { source, payment: `pay_${n}`, currency, fee };
    const first = aMovement({ ...one, kind, amount: sign * amount, at: new Date(at).toISOString() });
    const back = isUndone && undoing[kind];
    if (!back) return [first];
    const later = new Date(Math.min(at + 30_000, END - 10_000)).toISOString();
    return [first, aMovement({ ...one, kind: back, amount, at: later })];
  }),
);

type Drift = Readonly<{
  kind: DifferenceKind;
  explained: boolean;
  inject: (books: Books, at: Movement) => Books;
}>;

const without = (books: Books, { source }: Movement, side: 'movements' | 'bookings'): Books => ({
  ...books,
  [side]: books[side].filter((each) => each.source !== source),
});

const changed = (books: Books, { source, kind }: Movement, change: (booking: Booking) => Booking): Books => ({
  ...books,
  bookings: books.bookings.map((each) =>
    each.source === source && each.kind === kind ? change(each) : each,
  ),
});

/** Each way in which the books can drift apart, at one movement. */
const drifts: readonly Drift[] = [
  {
    kind: 'unknown_at_stripe',
    explained: false,
    inject: (books, at) => without(books, at, 'bookings'),
  },
  { kind: 'missing_here', explained: false, inject: (books, at) => without(books, at, 'movements') },
  {
    kind: 'made_elsewhere',
    explained: true,
    inject: (books, at) => {
      const bare = without(books, at, 'movements');
      const bookings = bare.bookings.map((each) =>
        each.source === at.source ? { ...each, payment: null } : each,
      );
      return { ...bare, bookings };
    },
  },
  {
    kind: 'amount_differs',
    explained: false,
    inject: (books, at) => changed(books, at, (booking) => ({ ...booking, amount: booking.amount + 7 })),
  },
  {
    kind: 'currency_differs',
    explained: false,
    inject: (books, at) => changed(books, at, (booking) => ({ ...booking, currency: 'gbp' })),
  },
  {
    kind: 'not_booked_yet',
    explained: true,
    inject: (books, at) => ({
      ...without(books, at, 'bookings'),
      unbooked: new Set(Object.values(movementKinds).map((kind) => `${at.source}|${kind}`)),
    }),
  },
];
const movementKinds: readonly MovementKind[] = [
  'charge',
  'refund',
  'refund_return',
  'dispute',
  'dispute_return',
];

describe('over random ledgers', () => {
  test('books that tell the same have no difference and equal totals, in whatever order they are read', () => {
    fc.assert(
      fc.property(ledger, fc.infiniteStream(fc.nat()), (movements, noise) => {
        const shuffled = [...movements].sort(() => ((noise.next().value ?? 0) % 3) - 1);
        const books = { ...booksOf(...movements), movements: shuffled };
        const { differences, matched, totals } = compare(books, november);
        expect(differences).toEqual([]);
        expect(matched).toBe(movements.length);
        for (const { ledger_total, stripe_total } of totals) expect(ledger_total).toBe(stripe_total);
      }),
    );
  });

  test.each(drifts)('$kind is named where it is put, and nothing else is', ({ kind, explained, inject }) => {
    fc.assert(
      fc.property(ledger, fc.nat(), (movements, pick) => {
        const at = movements[pick % movements.length] as Movement;
        const books = inject(booksOf(...movements), at);
        const { differences } = compare(books, november);
        expect(differences.length).toBeGreaterThan(0);
        for (const difference of differences) {
          expect([difference.kind, difference.source]).toEqual([kind, at.source]);
          expect(difference.explanation !== null).toBe(explained);
        }
      }),
    );
  });

  test('Stripe’s total less ours is the sum of the differences in money, whatever has drifted', () => {
    const some = fc.array(fc.record({ drift: fc.constantFrom(...drifts), pick: fc.nat() }), { maxLength: 4 });
    fc.assert(
      fc.property(ledger, some, (movements, injected) => {
        const books = injected.reduce(
          (books, { drift, pick }) => drift.inject(books, movements[pick % movements.length] as Movement),
          booksOf(...movements),
        );
        const { differences, totals } = compare(books, november);
        const sums = new Map<string, number>();
        const add = (currency: string, amount: number) =>
          sums.set(currency, (sums.get(currency) ?? 0) + amount);
        for (const { kind, booked, ledger } of differences) {
          if (kind === 'not_booked_yet' || kind === 'fee_differs') continue;
          if (booked) add(booked.currency, booked.amount);
          if (ledger) add(ledger.currency, -ledger.amount);
        }
        for (const { currency, stripe_total, ledger_total } of totals)
          expect(stripe_total - ledger_total).toBe(sums.get(currency) ?? 0);
      }),
    );
  });

  test('wherever the edge of the period falls, each movement is matched once, on one side', () => {
    fc.assert(
      fc.property(ledger, within, (movements, edge) => {
        const at = new Date(edge).toISOString();
        const next = { from: at, to: '2026-12-02T00:00:00.000Z' };
        const [before, after] = [{ from: november.from, to: at }, next].map((period) =>
          compare(booksOf(...movements), period),
        );
        expect((before?.matched ?? 0) + (after?.matched ?? 0)).toBe(movements.length);
        const told = [...(before?.differences ?? []), ...(after?.differences ?? [])];
        expect(told.filter(({ explanation }) => explanation === null)).toEqual([]);
        expect(new Set(told.map(({ kind }) => kind)).size).toBeLessThan(2);
      }),
    );
  });
});

test('a booking is never in both books under two names', () => {
  const movement = aMovement();
  const books = {
    ...booksOf(movement),
    bookings: [bookingOf(movement), bookingOf(movement, { id: 'txn_2' })],
  };
  expect(compare(books, november).differences).toMatchObject([{ kind: 'missing_here', stripe: 'txn_2' }]);
});

import { z } from 'zod';
import type { RowQuery } from '../../application/ports/read-store.port.js';

const moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], { error: 'is not a date, nor a time by RFC 3339' })
  .transform((text) => new Date(text).toISOString())
  .meta({ examples: ['2026-11-01T00:00:00Z'] });

/** A number in a query: digits only, where `Number` would also take `1e1`, `0x10` and spaces. */
export function wholeNumber(least: number, most: number) {
  const digits = (value: unknown) =>
    typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return z.preprocess(digits, z.int({ error: 'is not a whole number' }).min(least).max(most));
}

const paging = {
  limit: wholeNumber(1, 100).default(25).describe('How many, at most; 25 where left out.'),
  starting_after: z.string().max(64).optional().describe('Id of the last one on the page before.'),
  ending_before: z.string().max(64).optional().describe('Id of the first one on the page after.'),
  'created_at[gte]': moment.optional(),
  'created_at[gt]': moment.optional(),
  'created_at[lte]': moment.optional(),
  'created_at[lt]': moment.optional(),
};

/** Where a list begins and how long it is: the caller's own filters are in `where`. */
export type ListQuery<F> = Readonly<
  { where: F } & Pick<RowQuery, 'createdAt' | 'startingAfter' | 'endingBefore' | 'limit'>
>;

/**
 * The query of a list: `@Query({ schema: OrderList }) query: z.infer<typeof OrderList>`, with
 * `const OrderList = listQuery({ payment_status: z.enum([…]).optional() })`.
 */
export function listQuery<S extends z.ZodRawShape>(filters: S) {
  return z
    .strictObject({ ...paging, ...filters })
    .refine((query) => !(given(query, 'starting_after') && given(query, 'ending_before')), {
      path: ['ending_before'],
      message: 'One of starting_after and ending_before, not both',
    })
    .transform((query): ListQuery<z.infer<z.ZodObject<S>>> => {
      const all = query as Record<string, unknown>;
      const own = Object.keys(filters).map((name) => [name, all[name]] as const);
      const bounds = (['gte', 'gt', 'lte', 'lt'] as const).map(
        (bound) => [bound, all[`created_at[${bound}]`]] as const,
      );
      const createdAt = Object.fromEntries(bounds.filter(([, value]) => value !== undefined));
      return {
        where: Object.fromEntries(own.filter(([, value]) => value !== undefined)) as z.infer<z.ZodObject<S>>,
        limit: all['limit'] as number,
        ...(typeof all['starting_after'] === 'string' && { startingAfter: all['starting_after'] }),
        ...(typeof all['ending_before'] === 'string' && { endingBefore: all['ending_before'] }),
        ...(Object.keys(createdAt).length > 0 && { createdAt }),
      };
    });
}

function given(query: object, name: string): boolean {
  return (query as Record<string, unknown>)[name] !== undefined;
}

/** The schema of a list's answer. `id` names it in the API's description. */
export function listOf<T extends z.ZodType>(id: string, item: T) {
  return z.object({ object: z.literal('list'), data: z.array(item), has_more: z.boolean() }).meta({ id });
}

/** The answer itself. */
export function list<T>(data: readonly T[], hasMore: boolean) {
  return { object: 'list' as const, data: [...data], has_more: hasMore };
}

import type { QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import type { OrderId, StoreId } from '../../../../shared/domain/ids.js';
import { listQuery } from '../../../../shared/infrastructure/http/list-query.js';
import { FindOrder } from '../../../orders/index.js';

type Asked = Readonly<{
  order?: string | undefined;
  payment?: string | undefined;
  status?: string | undefined;
}>;

/** Lists of what follows from payments, refunds and disputes: by order, by payment, by status. */
export const OfPaymentQuery = {
  for: <S extends z.ZodType<string>>(status: S) =>
    listQuery({
      order: z.string().max(64).optional().describe('Our id of the order, or the caller’s own.'),
      payment: z.string().max(64).optional(),
      status: status.optional(),
    }),

  /** @throws Refusal `not_found` for an order that is not there. */
  async filter(queries: QueryBus, store: StoreId, { order, payment, status }: Asked) {
    const id: OrderId | undefined =
      order === undefined
        ? undefined
        : (await queries.execute(new FindOrder({ store, reference: order }))).id;
    return { ...(id && { order: id }), ...(payment && { payment }), ...(status && { status }) };
  },
};

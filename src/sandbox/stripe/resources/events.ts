import { z } from 'zod';
import { invalid, missing } from '../api/errors.js';
import { page, within } from '../api/page.js';
import { created, flag, paging, text } from '../api/params.js';
import { nothing, route } from '../api/route.js';
import type { Row } from '../engine/table.js';
import type { EventNote, StripeEvent } from '../objects/event.js';

const List = z.strictObject({
  ...paging,
  created: created.optional(),
  delivery_success: flag.optional(),
  type: text.optional(),
  types: z.array(text).max(20).optional(),
});

/** Stripe forgets events after this long. */
export const eventLifeMs = 30 * 86_400_000;

const shown = ({ object, note }: Row<StripeEvent, EventNote>): StripeEvent => ({
  ...object,
  pending_webhooks: note.undelivered,
});

function isOfType(wanted: string | undefined, type: string): boolean {
  if (wanted === undefined || wanted === '*') return true;
  return wanted.endsWith('.*') ? type.startsWith(wanted.slice(0, -1)) : wanted === type;
}

export const eventRoutes = [
  route('GET', '/v1/events', List, ({ world, account, params }) => {
    const { type, types, delivery_success } = params;
    if (type !== undefined && types !== undefined)
      throw invalid('You may only specify one of these parameters: type, types.', 'types');
    const { books, clock } = world;
    const list = page(
      { table: books.events, account: account.id, url: '/v1/events', noun: 'event' },
      params,
      ({ object, note }) =>
        isOfType(type, object.type) &&
        (types?.includes(object.type) ?? true) &&
        (delivery_success === undefined || delivery_success === (note.undelivered === 0)) &&
        within(object.created, params.created) &&
        object.created * 1000 > clock.now - eventLifeMs,
    );
    const data = list.data.map((event) => {
      const row = books.events.get(account.id, event.id);
      return row ? shown(row) : event;
    });
    return { ...list, data };
  }),
  route('GET', '/v1/events/:id', nothing, ({ world, account, id }) => {
    const found = world.books.events.get(account.id, id);
    if (!found) throw missing('event', id);
    return shown(found);
  }),
];

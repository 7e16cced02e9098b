import { z } from 'zod';
import { missing, refused } from '../api/errors.js';
import { isOrAny, page, within } from '../api/page.js';
import { created, flag, metadata, paging, text } from '../api/params.js';
import { type Call, nothing, route } from '../api/route.js';
import type { World } from '../engine/world.js';
import { type Dispute, type EvidenceField, evidenceFields } from '../objects/dispute.js';
import { conclude, type DisputeRow, isOpen } from '../payments/dispute-outcome.js';
import { plead } from '../payments/evidence.js';

const longest = 20_000;
const said = z.string().max(longest).optional();

const Update = z.strictObject({
  evidence: z
    .strictObject(
      Object.fromEntries(evidenceFields.map((field) => [field, said])) as Record<EvidenceField, typeof said>,
    )
    .optional(),
  metadata: metadata.optional(),
  submit: flag.optional(),
});

const List = z.strictObject({
  ...paging,
  charge: text.optional(),
  created: created.optional(),
  payment_intent: text.optional(),
});

/** @throws ApiError 404 */
function disputeOf({ books }: World, account: string, id: string): DisputeRow {
  const found = books.disputes.get(account, id);
  if (!found) throw missing('dispute', id);
  return found;
}

function update({ world, account, cause, params, id }: Call<z.infer<typeof Update>>): Dispute {
  const { evidence, metadata: given, submit } = params;
  const row = disputeOf(world, account.id, id);
  return plead(world, cause, row, { evidence: evidence && spoken(evidence), metadata: given, submit }).object;
}

function spoken(evidence: Readonly<Partial<Record<EvidenceField, string | undefined>>>) {
  const given = Object.entries(evidence).filter(([, text]) => text !== undefined);
  return Object.fromEntries(given) as Partial<Record<EvidenceField, string>>;
}

/** The merchant gives in. */
function close({ world, account, cause, id }: Call<unknown>): Dispute {
  const row = disputeOf(world, account.id, id);
  if (!isOpen(row.object)) throw refused('This dispute is already closed');
  return conclude(world, cause, row, 'lost').object;
}

const base = '/v1/disputes';

export const disputeRoutes = [
  route('GET', base, List, ({ world, account, params }) =>
    page(
      { table: world.books.disputes, account: account.id, url: base, noun: 'dispute' },
      params,
      ({ object }) =>
        isOrAny(params.charge, object.charge) &&
        isOrAny(params.payment_intent, object.payment_intent) &&
        within(object.created, params.created),
    ),
  ),
  route('GET', `${base}/:id`, nothing, ({ world, account, id }) => disputeOf(world, account.id, id).object),
  route('POST', `${base}/:id`, Update, update),
  route('POST', `${base}/:id/close`, nothing, close),
];

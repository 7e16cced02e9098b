import { z } from 'zod';
import { type Ids, seededRandom } from '../engine/ids.js';

const ms = z.number().int().min(0).max(600_000);
const status = z.number().int().min(400).max(599);

/** `after` means: once the work is done and kept. Without it nothing has happened. */
const ApiEffect = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('latency'), ms: ms.default(1000) }),
  z.strictObject({ kind: z.literal('hang_before') }),
  z.strictObject({ kind: z.literal('hang_after') }),
  z.strictObject({ kind: z.literal('reset_before') }),
  z.strictObject({ kind: z.literal('reset_after') }),
  z.strictObject({ kind: z.literal('status_before'), status: status.default(500) }),
  z.strictObject({ kind: z.literal('status_after'), status: status.default(500) }),
  z.strictObject({ kind: z.literal('rate_limit') }),
  z.strictObject({ kind: z.literal('lock_timeout') }),
  z.strictObject({ kind: z.literal('html_502'), after: z.boolean().default(false) }),
  z.strictObject({
    kind: z.literal('json_without_error'),
    status: status.default(503),
    after: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal('truncate_after') }),
  z.strictObject({ kind: z.literal('drip'), ms: ms.default(50) }),
]);

const WebhookEffect = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drop') }),
  z.strictObject({ kind: z.literal('duplicate'), n: z.number().int().min(1).max(20).default(1) }),
  z.strictObject({ kind: z.literal('delay'), ms: z.number().int().min(0).default(5000) }),
  z.strictObject({ kind: z.literal('reorder'), window: z.number().int().min(2).max(1000).default(5) }),
  z.strictObject({ kind: z.literal('bad_signature') }),
  z.strictObject({ kind: z.literal('stale_timestamp') }),
  z.strictObject({ kind: z.literal('future_timestamp') }),
  z.strictObject({ kind: z.literal('other_api_version') }),
  z.strictObject({ kind: z.literal('wrong_livemode') }),
  z.strictObject({ kind: z.literal('unknown_type') }),
  z.strictObject({ kind: z.literal('foreign_account') }),
]);

export type ApiEffect = z.infer<typeof ApiEffect>;
export type WebhookEffect = z.infer<typeof WebhookEffect>;

/** A bare name stands for an effect without settings. */
const named = (value: unknown) => (typeof value === 'string' ? { kind: value } : value);

export const FaultRule = z.strictObject({
  match: z
    .strictObject({
      /** Calls of the API. */
      method: z.string().optional(),
      /** `*` stands for anything, as in `/v1/payment_intents/*`. */
      path: z.string().optional(),
      /** Parameters by their name on the wire, such as `metadata[order]`. */
      param: z.record(z.string(), z.string()).optional(),
      /** Webhooks: an event type, or its beginning and `*`. */
      type: z.string().optional(),
      endpoint: z.string().optional(),
      account: z.string().optional(),
      /** Only the nth of those that match otherwise, from 1. */
      nth: z.number().int().min(1).optional(),
      probability: z.number().min(0).max(1).optional(),
      seed: z.number().int().optional(),
    })
    .default({}),
  effect: z.preprocess(named, z.union([ApiEffect, WebhookEffect])),
  /** `unlimited`, or how often at most. */
  times: z.union([z.number().int().min(1), z.literal('unlimited')]).default(1),
});
export type FaultRule = z.infer<typeof FaultRule>;

const webhookKinds: ReadonlySet<string> = new Set(WebhookEffect.options.map((each) => each.shape.kind.value));

type Active = { id: string; rule: FaultRule; seen: number; fired: number; random: () => number };
type ApiSubject = Readonly<{
  method: string;
  path: string;
  account: string;
  param: (name: string) => unknown;
}>;
/** What becomes of a delivery, and the rule's own chances. */
export type StruckDelivery = Readonly<{ id: string; effect: WebhookEffect; random: () => number }>;
type WebhookSubject = Readonly<{ type: string; endpoint: string; account: string }>;

/** What is to go wrong. Rules live in memory: a restart heals everything. */
export class FaultRules {
  private readonly active = new Map<string, Active>();

  constructor(private readonly ids: Ids) {}

  add(rule: FaultRule): string {
    const id = this.ids.next('fault');
    this.active.set(id, { id, rule, seen: 0, fired: 0, random: seededRandom(rule.match.seed ?? 1) });
    return id;
  }

  list(): readonly object[] {
    return Array.from(this.active.values(), ({ id, rule, seen, fired }) => ({ id, ...rule, seen, fired }));
  }

  remove(id: string): boolean {
    return this.active.delete(id);
  }

  clear(): void {
    this.active.clear();
  }

  /** The first rule that strikes this call, if any does. */
  forCall(subject: ApiSubject): ApiEffect | undefined {
    if (this.active.size === 0) return undefined;
    const struck = this.strike(false, ({ match: { method, path, param = {}, account } }) =>
      [
        method === undefined || method.toUpperCase() === subject.method,
        path === undefined || isLike(path, subject.path),
        account === undefined || account === subject.account,
        Object.entries(param).every(([name, value]) => subject.param(name) === value),
      ].every(Boolean),
    );
    return struck?.rule.effect as ApiEffect | undefined;
  }

  forDelivery(subject: WebhookSubject): StruckDelivery | undefined {
    if (this.active.size === 0) return undefined;
    const struck = this.strike(true, ({ match: { type, endpoint, account } }) =>
      [
        type === undefined || isLike(type, subject.type),
        endpoint === undefined || endpoint === subject.endpoint,
        account === undefined || account === subject.account,
      ].every(Boolean),
    );
    if (!struck) return undefined;
    const { id, rule, random } = struck;
    return { id, effect: rule.effect as WebhookEffect, random };
  }

  private strike(webhook: boolean, matches: (rule: FaultRule) => boolean): Active | undefined {
    for (const each of this.active.values()) {
      const { effect, times, match } = each.rule;
      if (webhookKinds.has(effect.kind) !== webhook) continue;
      if ((times !== 'unlimited' && each.fired >= times) || !matches(each.rule)) continue;
      each.seen += 1;
      if (match.nth !== undefined && match.nth !== each.seen) continue;
      if (match.probability !== undefined && each.random() >= match.probability) continue;
      each.fired += 1;
      return each;
    }
    return undefined;
  }
}

function isLike(pattern: string, value: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(value);
}

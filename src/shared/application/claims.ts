import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { appendSurely } from './append-surely.js';
import { canonicalJson } from './canonical-json.js';
import { EventCatalog, type EventCodec } from './event-catalog.js';
import { Clock } from './ports/clock.port.js';
import { EventStore } from './ports/event-store.port.js';
import { Ids } from './ports/ids.port.js';

/** Who a claim belongs to: ids, for ever. */
export type Owner = Readonly<Record<string, string>>;

export type Claimed = Readonly<{ type: 'Claimed'; data: Readonly<{ kind: string; owner: Owner }> }>;

export const claimCodec: EventCodec<Claimed> = { Claimed: { version: 1, parse: claimed } };

/**
 * Uniqueness across streams: the first to claim a key owns it. Built on append and read alone, so every event
 * store has it. The key itself is not stored, only its hash.
 */
@Injectable()
export class Claims {
  constructor(
    private readonly store: EventStore,
    private readonly catalog: EventCatalog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    catalog.register(claimCodec);
  }

  /** Answers the owner: the one given, or whoever was first. Claiming again for the same owner changes nothing. */
  async claim(kind: string, key: string, owner: Owner): Promise<Owner> {
    const stream = streamOf(kind, key);
    const event = {
      id: this.ids.derive(`${stream}|${canonicalJson(owner)}`),
      ...this.catalog.encode({ type: 'Claimed', data: { kind, owner } }),
      metadata: { occurred_at: this.clock.now().toISOString(), actor_kind: 'system', actor_id: 'claims' },
    };
    if (await appendSurely(this.store, this.clock, stream, 'no_stream', [event])) return owner;
    const first = await this.find(kind, key);
    if (!first) throw new Error(`a claim of kind ${kind} is taken but has no owner`);
    return first;
  }

  /** Who owns the key, if anybody does. */
  async find(kind: string, key: string): Promise<Owner | undefined> {
    const [first] = await this.store.read(streamOf(kind, key));
    return first && this.catalog.decode<Claimed>(first).data.owner;
  }
}

function streamOf(kind: string, key: string): string {
  return `claim_${kind}-${createHash('sha256').update(key).digest('hex')}`;
}

function claimed(data: unknown): Claimed['data'] {
  const { kind, owner } = (data ?? {}) as Partial<Claimed['data']>;
  const texts = typeof owner === 'object' && Object.values(owner).every((value) => typeof value === 'string');
  if (typeof kind !== 'string' || !owner || !texts) throw new TypeError('not a claim');
  return { kind, owner };
}

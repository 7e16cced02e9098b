import { canonicalJson } from './canonical-json.js';
import type { NewEvent, RecordedEvent } from './ports/event-store.port.js';
import type { Told } from './projection.js';

export type DomainEvent = Readonly<{ type: string; data: object }>;

type Stored = Readonly<Record<string, unknown>>;

type Codec<Data> = Readonly<{
  /** Version that is written today. */
  version: number;
  /** Checks stored data of today's version. Members it does not know are left out of its answer. */
  parse(data: unknown): Data;
  /** From a version to the next: `{ 1: (v1) => v2 }`. Pure, since it runs at every read. */
  upcasts?: Readonly<Record<number, (data: Stored) => Stored>>;
}>;

/** How each event of a union is stored. A new event type stops the compiler here. */
export type EventCodec<E extends DomainEvent> = Readonly<{
  [T in E['type']]: Codec<Extract<E, { type: T }>['data']>;
}>;

/** An event that this build cannot read or must not write: whoever needs it halts, and nothing is guessed. */
export class EventUnreadable extends Error {
  override readonly name = 'EventUnreadable';
}

/** Every event type there is, under its one global name: strict when writing, tolerant when reading. */
export class EventCatalog {
  private readonly codecs = new Map<string, Codec<object>>();

  /** @throws Error where another codec has a type of the same name */
  register<E extends DomainEvent>(codec: EventCodec<E>): this {
    for (const [type, entry] of Object.entries<Codec<object>>(codec)) {
      const known = this.codecs.get(type);
      if (known && known !== entry) throw new Error(`two codecs for events of type ${type}`);
      this.codecs.set(type, entry);
    }
    return this;
  }

  get types(): readonly string[] {
    return [...this.codecs.keys()].sort();
  }

  /** As it is stored. @throws EventUnreadable where the data is not exactly what the type says */
  encode({ type, data }: DomainEvent): Pick<NewEvent, 'type' | 'schemaVersion' | 'data'> {
    const codec = this.codecOf(type);
    const parsed = this.parsed(codec, type, data) as Stored;
    if (canonicalJson(parsed) !== canonicalJson(data)) {
      throw new EventUnreadable(`${type} has members that its codec does not know or changes`);
    }
    return { type, schemaVersion: codec.version, data: parsed };
  }

  /** As its readers see it. @throws EventUnreadable for an unknown type, a newer version or unfit data */
  decode<E extends DomainEvent>(event: RecordedEvent): Told<E> {
    const codec = this.codecOf(event.type);
    if (event.schemaVersion > codec.version) {
      throw new EventUnreadable(
        `${event.type} is stored in version ${event.schemaVersion}, this build reads up to ${codec.version}`,
      );
    }
    let stored: Stored = event.data;
    for (let version = event.schemaVersion; version < codec.version; version++) {
      const upcast = codec.upcasts?.[version];
      if (!upcast) throw new EventUnreadable(`${event.type} has no way from version ${version} to the next`);
      stored = upcast(stored);
    }
    const { id, stream, revision, position, metadata, type } = event;
    const data = this.parsed(codec, type, stored);
    const at = metadata['occurred_at'] ?? '';
    return { type, data, id, stream, revision, position, at, metadata } as unknown as Told<E>;
  }

  private codecOf(type: string): Codec<object> {
    const codec = this.codecs.get(type);
    if (!codec) throw new EventUnreadable(`there is no event of type ${type} in this build`);
    return codec;
  }

  private parsed(codec: Codec<object>, type: string, data: unknown): object {
    try {
      return codec.parse(data);
    } catch (cause) {
      throw new EventUnreadable(`${type} is not what its codec says`, { cause });
    }
  }
}

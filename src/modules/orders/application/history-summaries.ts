import { Injectable } from '@nestjs/common';
import type { Currency } from '../../../shared/domain/currency.js';

/** The order that a sentence of its history is about. */
export type HistorySubject = Readonly<{ number: string; currency: Currency }>;

/** How one type of event is told in an order's history. */
export type HistoryEntry<Data extends object> = Readonly<{
  /** `payment.captured`: the event's name on the wire. */
  type: string;
  /** One sentence for people. */
  says(data: Data, order: HistorySubject): string;
  /** The event of Stripe's that brought it, where there is one. */
  stripeEvent?(data: Data): string | null;
  /** What of the data clients see; left out: all of it. */
  shows?(data: Data): object;
}>;

/** Every event of an aggregate, told or (null) passed over: a new event does not compile until it stands here. */
export type HistoryTable<Event extends { type: string; data: object }> = Readonly<{
  [T in Event['type']]: HistoryEntry<Extract<Event, { type: T }>['data']> | null;
}>;

/** How the history of an order is told. Each module registers its own events when it starts. */
@Injectable()
export class HistorySummaries {
  private readonly entries = new Map<string, HistoryEntry<object>>();

  register<Event extends { type: string; data: object }>(table: HistoryTable<Event>): void {
    for (const [type, entry] of Object.entries<HistoryEntry<never> | null>(table)) {
      if (entry) this.entries.set(type, entry as HistoryEntry<object>);
    }
  }

  /** The event types that are told. */
  types(): readonly string[] {
    return [...this.entries.keys()];
  }

  entry(type: string): HistoryEntry<object> | undefined {
    return this.entries.get(type);
  }
}

import type { World } from '../engine/world.js';

export type ClockChange = Readonly<{
  /** Seconds to go forward. */
  advance?: number | undefined;
  rate?: number | undefined;
  freeze?: boolean | undefined;
}>;

/** Changes time and keeps it changed over restarts. */
export function setClock({ clock, books }: World, { advance, rate, freeze }: ClockChange): void {
  if (rate !== undefined) clock.setRate(rate);
  if (freeze !== undefined) clock.setRate(freeze ? 0 : 1);
  if (advance !== undefined) clock.advance(advance * 1000);
  const now = clock.current;
  books.commit(() => books.clockSettings.add('', 'clock', now, null));
}

import { Refusal } from '../../../shared/domain/refusal.js';

/** From an instant on, up to but without another: RFC 3339 in UTC with milliseconds, so that text order is time order. */
export type Period = Readonly<{ from: string; to: string }>;

export function includes({ from, to }: Period, at: string): boolean {
  return from <= at && at < to;
}

/** The period and so much before and after it: what the two books date differently lies near its edges. */
export function widened({ from, to }: Period, ms: number): Period {
  return { from: shifted(from, -ms), to: shifted(to, ms) };
}

export function shifted(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}

const DAY_MS = 24 * 3_600_000;
const LONGEST_DAYS = 92;

/**
 * What people mean by two dates: both days whole, in UTC. Instants are taken as they are, the later one exclusive.
 * @param now RFC 3339
 * @throws Refusal `validation_failed`
 */
export function asked(from: string, to: string, now: string): Period {
  const period = { from: beginning(from), to: isDate(to) ? shifted(beginning(to), DAY_MS) : beginning(to) };
  const length = Date.parse(period.to) - Date.parse(period.from);
  if (length <= 0) throw refused('/to', 'The period ends before it begins.');
  if (length > LONGEST_DAYS * DAY_MS) throw refused('/to', `A period is at most ${LONGEST_DAYS} days long.`);
  const tomorrow = shifted(`${now.slice(0, 10)}T00:00:00.000Z`, DAY_MS);
  if (period.to > tomorrow) throw refused('/to', 'The period ends after today.');
  return period;
}

/** The day before the one that `now` is in, and whole days before that. */
export function daysBefore(now: string, days: number): readonly Period[] {
  const today = `${now.slice(0, 10)}T00:00:00.000Z`;
  return Array.from({ length: days }, (_, day) => {
    return { from: shifted(today, -(day + 1) * DAY_MS), to: shifted(today, -day * DAY_MS) };
  });
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

function beginning(text: string): string {
  return new Date(text).toISOString();
}

function refused(param: string, detail: string): Refusal {
  return new Refusal('validation_failed', detail, { param });
}

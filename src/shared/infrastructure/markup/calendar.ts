const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const minute = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
});

/** `23 November 2026`, of a calendar date or of a moment in UTC. */
export function dayOf(at: string): string {
  return day.format(new Date(at));
}

/** `23 November 2026, 10:00 UTC`. */
export function minuteOf(at: string): string {
  return `${dayOf(at)}, ${minute.format(new Date(at))} UTC`;
}

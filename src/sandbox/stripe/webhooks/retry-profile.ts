const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * How long to wait before the next try, after each that failed; after the last one Stripe gives up. `live` stays
 * under Stripe's three days. `laptop` is quick where a developer restarts their own server, and patient after.
 */
export const retryProfiles = {
  live: [minute, 5 * minute, 30 * minute, 2 * hour, 6 * hour, 12 * hour, 24 * hour, 24 * hour],
  fast: [200, 200],
  laptop: [
    500,
    second,
    2 * second,
    5 * second,
    15 * second,
    minute,
    5 * minute,
    30 * minute,
    2 * hour,
    6 * hour,
    12 * hour,
    24 * hour,
    24 * hour,
  ],
} as const satisfies Record<string, readonly number[]>;

export type RetryProfile = keyof typeof retryProfiles;

import {
  type Appended,
  AppendRefused,
  type ExpectedRevision,
  RevisionConflict,
} from '../../application/ports/event-store.port.js';

export type Stored = Readonly<{ id: string; revision: number; position: number }>;

/** The revision that the next event gets where the expectation holds. @throws AppendRefused */
export function nextRevision(expected: ExpectedRevision): number {
  if (expected === 'no_stream') return 0;
  if (Number.isSafeInteger(expected) && expected >= 0) return expected + 1;
  throw new AppendRefused('an expected revision is a whole number from 0, or no_stream');
}

/**
 * Judges an append that meets a stream elsewhere than expected.
 * @param inPlace what is stored where the events would have gone
 * @returns the original result where these very events were written there before
 * @throws RevisionConflict
 */
export function resultOfRepeat(
  stream: string,
  expected: ExpectedRevision,
  last: number,
  ids: readonly string[],
  inPlace: readonly Stored[],
): Appended {
  const end = inPlace[ids.length - 1];
  if (end && ids.every((id, at) => inPlace[at]?.id === id)) {
    return { revision: end.revision, position: end.position };
  }
  throw new RevisionConflict(stream, expected, last < 0 ? 'no_stream' : last);
}

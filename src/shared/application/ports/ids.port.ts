/** The only source of identity and randomness. Simulated in tests. */
export abstract class Ids {
  /** A time-ordered UUID (version 7) as 32 hex digits: ordered ids keep appends fast as the log grows. */
  abstract next(): string;
  /** The same UUID (version 5, as 32 hex digits) for the same name, for ever. */
  abstract derive(name: string): string;
  /** Unpredictable bytes, for secrets. */
  abstract secret(bytes: number): Buffer;
}

import { Refusal } from '../../domain/refusal.js';

/** An If-Match header. Only strong tags can match; without a header everything does. */
export class Precondition {
  private constructor(private readonly allowed: 'any' | readonly number[]) {}

  static readonly none = new Precondition('any');

  static parse(header: string | undefined): Precondition {
    if (header === undefined || header === '*') return Precondition.none;
    const tags = header.split(',').map((tag) => /^"(\d{1,15})"$/.exec(tag.trim())?.[1]);
    return new Precondition(tags.filter((tag) => tag !== undefined).map(Number));
  }

  allows(revision: number): boolean {
    return this.allowed === 'any' || this.allowed.includes(revision);
  }

  /** Whether the caller said anything: only then is it worth to look. */
  get asks(): boolean {
    return this.allowed !== 'any';
  }

  /** @throws Refusal `revision_mismatch` */
  check(revision: number): void {
    if (this.allows(revision)) return;
    throw new Refusal('revision_mismatch', `It is at revision ${revision} by now. Read it again.`, {
      revision,
    });
  }
}

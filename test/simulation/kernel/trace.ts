/** A running digest of everything that happened, in order: two runs of one seed must end at the same. */
export class Trace {
  private sum = 0x811c9dc5;
  private readonly lines: string[] | undefined;

  constructor(isKept = false) {
    if (isKept) this.lines = [];
  }

  note(text: string, moment: number): void {
    this.mix(text, moment);
    this.tell(text, moment);
  }

  /** For the digest only. */
  mix(text: string, moment: number): void {
    let { sum } = this;
    for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
    this.sum = Math.imul(sum ^ (moment % 4_294_967_296), 0x01000193);
  }

  /** For who reads the story only: no part of the digest. */
  tell(text: string, moment: number): void {
    this.lines?.push(`${new Date(moment).toISOString().slice(5, 23)} ${text}`);
  }

  get isKept(): boolean {
    return this.lines !== undefined;
  }

  get digest(): string {
    return (this.sum >>> 0).toString(16).padStart(8, '0');
  }

  /** Where it was kept: one line per step. */
  get story(): readonly string[] {
    return this.lines ?? [];
  }
}

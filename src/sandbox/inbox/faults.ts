export const FAULTS = ['reject_550', 'defer_451', 'hang', 'lose_answer'] as const;
export type Fault = (typeof FAULTS)[number];

/** What goes wrong with the next mails, one each, in the order it was asked for. */
export class Faults {
  private readonly next: Fault[] = [];

  add(fault: Fault, times: number): void {
    for (let left = times; left > 0; left--) this.next.push(fault);
  }

  take(): Fault | undefined {
    return this.next.shift();
  }

  clear(): void {
    this.next.length = 0;
  }
}

/** How often each kind of fault was injected, by the design's id of the fault. */
export class Coverage {
  readonly counts = new Map<string, number>();

  count(fault: string, times = 1): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + times);
  }

  add(others: Iterable<readonly [fault: string, times: number]>): void {
    for (const [fault, times] of others) this.count(fault, times);
  }
}

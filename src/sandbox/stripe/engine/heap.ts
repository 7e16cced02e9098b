/** What is due next, first. */
export class Heap<T> {
  private readonly items: T[] = [];

  constructor(private readonly before: (a: T, b: T) => boolean) {}

  get first(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    let at = this.items.length;
    this.items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.items[parent] as T;
      if (!this.before(item, above)) break;
      this.items[at] = above;
      at = parent;
    }
    this.items[at] = item;
  }

  pop(): T | undefined {
    const top = this.items[0];
    const last = this.items.pop();
    if (this.items.length > 0 && last !== undefined) this.sink(last);
    return top;
  }

  private sink(item: T): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.items.length) break;
      const right = child + 1;
      if (right < this.items.length && this.before(this.items[right] as T, this.items[child] as T))
        child = right;
      const below = this.items[child] as T;
      if (!this.before(below, item)) break;
      this.items[at] = below;
      at = child;
    }
    this.items[at] = item;
  }
}

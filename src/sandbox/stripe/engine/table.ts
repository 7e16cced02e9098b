/** One object as its account sees it, and what only the sandbox knows about it. Rows are replaced, never changed. */
export type Row<T, N> = Readonly<{ id: string; account: string; object: T; note: N; place: number }>;

/** What a table tells whoever keeps the books: what was there before, so that it can be put back. */
export type Touch = Readonly<{
  table: Table<unknown, unknown>;
  id: string;
  before: Row<unknown, unknown> | undefined;
}>;

/** Objects of one kind, of all accounts, in the order they were made. */
export class Table<T, N = null> {
  private readonly rows = new Map<string, Row<T, N>>();
  private readonly order = new Map<string, string[]>();

  constructor(
    readonly name: string,
    private readonly touched: (touch: Touch) => void,
  ) {}

  /** Whoever's it is. */
  find(id: string): Row<T, N> | undefined {
    return this.rows.get(id);
  }

  get(account: string, id: string): Row<T, N> | undefined {
    const row = this.rows.get(id);
    return row?.account === account ? row : undefined;
  }

  add(account: string, id: string, object: T, note: N): Row<T, N> {
    this.report(id);
    return this.set(account, id, object, note);
  }

  replace(row: Row<T, N>, object: T, note: N = row.note): Row<T, N> {
    return this.add(row.account, row.id, object, note);
  }

  remove(id: string): void {
    this.report(id);
    this.rows.delete(id);
  }

  all(): IterableIterator<Row<T, N>> {
    return this.rows.values();
  }

  get size(): number {
    return this.rows.size;
  }

  /** Newest first, or oldest first, from a place on; gone rows are skipped. */
  *walk(account: string, from: number | undefined, step: 1 | -1): Generator<Row<T, N>> {
    const ids = this.order.get(account) ?? [];
    for (let at = from ?? (step === 1 ? 0 : ids.length - 1); at >= 0 && at < ids.length; at += step) {
      const row = this.rows.get(ids[at] as string);
      if (row) yield row;
    }
  }

  /** As the journal or an undone commit has it; tells nobody. */
  restore(id: string, row: Pick<Row<T, N>, 'account' | 'object' | 'note'> | undefined): void {
    if (row) this.set(row.account, id, row.object, row.note);
    else this.rows.delete(id);
  }

  private set(account: string, id: string, object: T, note: N): Row<T, N> {
    const row = { id, account, object, note, place: this.rows.get(id)?.place ?? this.placeFor(account, id) };
    this.rows.set(id, row);
    return row;
  }

  private placeFor(account: string, id: string): number {
    const ids = this.order.get(account);
    if (ids) return ids.push(id) - 1;
    this.order.set(account, [id]);
    return 0;
  }

  private report(id: string): void {
    this.touched({ table: this as unknown as Table<unknown, unknown>, id, before: this.rows.get(id) });
  }
}

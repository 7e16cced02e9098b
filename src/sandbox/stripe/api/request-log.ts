export type LoggedRequest = Readonly<{
  id: string;
  at: number;
  method: string;
  path: string;
  account: string | null;
  status: number;
  tookMs: number;
  idempotencyKey: string | null;
  replayed: boolean;
  fault: string | null;
}>;

const kept = 200;

/** The last requests to the API, newest first: for the inspector. No bodies. */
export class RequestLog {
  private readonly ring: LoggedRequest[] = [];

  add(request: LoggedRequest): void {
    this.ring.push(request);
    if (this.ring.length > 2 * kept) this.ring.splice(0, kept);
  }

  latest(): readonly LoggedRequest[] {
    return this.ring.slice(-kept).reverse();
  }

  clear(): void {
    this.ring.length = 0;
  }
}

/** An answer of the public API: whatever it is, with its status and headers. */
export type Reply<T = Json> = Readonly<{ status: number; headers: Headers; body: T }>;
// biome-ignore lint/suspicious/noExplicitAny: the wire is checked by the server's own schemas, not by its callers
export type Json = any;

export type CallOptions = Readonly<{ key?: string; headers?: Readonly<Record<string, string>> }>;

/** A client app: knows the base URL, an API key, and nothing of the inside. */
export class QuittanceClient {
  constructor(
    readonly baseUrl: string,
    private readonly apiKey: string,
    private readonly store?: string,
  ) {}

  /** The same key, for one store. */
  forStore(store: string): QuittanceClient {
    return new QuittanceClient(this.baseUrl, this.apiKey, store);
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.#call('GET', path, undefined, { headers });
  }
  put(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.#call('PUT', path, body, { headers });
  }
  patch(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.#call('PATCH', path, body, { headers });
  }
  /** `key`: the Idempotency-Key. */
  post(path: string, body: unknown = {}, options: CallOptions = {}): Promise<Reply> {
    return this.#call('POST', path, body, options);
  }

  async #call(method: string, path: string, body: unknown, { key, headers }: CallOptions): Promise<Reply> {
    const response = await fetch(new URL(path, this.baseUrl), {
      method,
      headers: {
        authorization: `Bearer ${this.apiKey}`,
        ...(this.store && { 'quittance-store': this.store }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key && { 'idempotency-key': key }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text ? JSON.parse(text) : text,
    };
  }
}

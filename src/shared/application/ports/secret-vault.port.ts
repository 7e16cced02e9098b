/** Secrets at rest: encrypted, apart from the log and the read model, never in an answer or a log line. */
export abstract class SecretVault {
  /** Stores or replaces a secret under a name such as `store_…/stripe_key`. */
  abstract put(name: string, secret: string): Promise<void>;
  abstract get(name: string): Promise<string | undefined>;
  abstract remove(name: string): Promise<void>;
  /** 32 bytes that are made at first use and stay for ever under this name. */
  abstract key(name: string): Promise<Buffer>;
}

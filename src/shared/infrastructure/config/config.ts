import { contradictions, Environment } from './environment.js';

/** The settings make no sense. The message names every fault and never a value. */
export class ConfigRefused extends Error {
  override readonly name = 'ConfigRefused';
  constructor(readonly faults: readonly string[]) {
    super(`Quittance cannot start:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** What is only known once the embedded servers and our own are listening. */
export type Addresses = Readonly<{ port?: number; stripeApiUrl?: string; smtpUrl?: string }>;

/** The settings of this process. `read` is the only reader of `process.env`. */
export class Config {
  private found: Addresses = {};

  private constructor(private readonly env: Environment) {}

  /** @throws ConfigRefused */
  static read(source: NodeJS.ProcessEnv = process.env): Config {
    const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
    const read = Environment.safeParse(given);
    if (!read.success) {
      throw new ConfigRefused(read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
    }
    const faults = contradictions(read.data);
    if (faults.length > 0) throw new ConfigRefused(faults);
    return new Config(read.data);
  }

  /** Told by `main` as servers start listening. */
  learn(addresses: Addresses): void {
    this.found = { ...this.found, ...addresses };
  }

  get host(): string {
    return this.env.HOST;
  }
  get port(): number {
    return this.found.port ?? this.env.PORT;
  }
  /** Base of every address we hand out, without a slash at its end. */
  get publicUrl(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return this.env.PUBLIC_URL ?? `http://${host}:${this.port}`;
  }
  get dataDir(): string {
    return this.env.DATA_DIR;
  }
  get production(): boolean {
    return this.env.NODE_ENV === 'production';
  }
  get logLevel(): Environment['LOG_LEVEL'] {
    return this.env.LOG_LEVEL;
  }
  get sweepIntervalMs(): number {
    return this.env.SWEEP_INTERVAL_MS;
  }
  /** The port to run the Stripe sandbox on; `undefined` where another Stripe is in use. */
  get sandbox(): Readonly<{ port: number }> | undefined {
    return this.env.STRIPE_API_URL ? undefined : { port: this.env.SANDBOX_PORT };
  }
  /** The ports to run the mail inbox on; `undefined` where a mail server is in use. */
  get inbox(): Readonly<{ smtpPort: number; port: number }> | undefined {
    if (this.env.SMTP_URL) return undefined;
    return { smtpPort: this.env.INBOX_SMTP_PORT, port: this.env.INBOX_PORT };
  }
  get demo(): boolean {
    return this.env.DEMO ?? this.sandbox !== undefined;
  }
  get stripeApiUrl(): string {
    return this.env.STRIPE_API_URL ?? this.found.stripeApiUrl ?? `http://127.0.0.1:${this.env.SANDBOX_PORT}`;
  }
  get stripePlatform(): Readonly<{ secretKey: string; clientId: string }> | undefined {
    const { STRIPE_PLATFORM_KEY, STRIPE_CLIENT_ID } = this.env;
    const secretKey = STRIPE_PLATFORM_KEY ?? (this.sandbox && 'sk_test_demo_platform');
    const clientId = STRIPE_CLIENT_ID ?? (this.sandbox && 'ca_demo_platform');
    return secretKey && clientId ? { secretKey, clientId } : undefined;
  }
  get smtpUrl(): string {
    return this.env.SMTP_URL ?? this.found.smtpUrl ?? `smtp://127.0.0.1:${this.env.INBOX_SMTP_PORT}`;
  }
  get mailFrom(): string {
    return this.env.MAIL_FROM;
  }
  get bootstrapApiKey(): string | undefined {
    return this.env.BOOTSTRAP_API_KEY;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QuittanceClient } from '../../src/cli/tour/quittance.client.js';

export const API_KEY = `qk_test_${'0123456789abcdef'.repeat(4)}`;

/** The whole product as its own process, on ports of its own, with its data in a folder of its own. */
export class RunningApp {
  #process: ChildProcess | undefined;
  #output = '';

  private constructor(
    readonly dataDir: string,
    readonly ports: Readonly<{ api: number; sandbox: number; smtp: number; inbox: number }>,
    private readonly env: Readonly<Record<string, string>>,
    private readonly nodeArgs: readonly string[],
    private readonly launcher: readonly string[],
  ) {}

  /**
   * `nodeArgs` come before the program: `--import` of something that watches it. `launcher` comes before all of it:
   * a program that prepares the ground and then becomes the server.
   */
  static async start(
    env: Readonly<Record<string, string>> = {},
    nodeArgs: readonly string[] = [],
    launcher: readonly string[] = [],
  ): Promise<RunningApp> {
    const [api, sandbox, smtp, inbox] = await freePorts(4);
    const dataDir = await mkdtemp(join(tmpdir(), 'quittance-'));
    const ports = { api, sandbox, smtp, inbox } as RunningApp['ports'];
    const app = new RunningApp(dataDir, ports, env, nodeArgs, launcher);
    await app.restart();
    return app;
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.api}`;
  }
  get sandboxUrl(): string {
    return `http://127.0.0.1:${this.ports.sandbox}`;
  }
  get inboxUrl(): string {
    return `http://127.0.0.1:${this.ports.inbox}`;
  }
  get client(): QuittanceClient {
    return new QuittanceClient(this.url, API_KEY);
  }
  /** All that the process has said, over all its lives. */
  get output(): string {
    return this.#output;
  }
  get pid(): number | undefined {
    return this.#process?.pid;
  }
  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  /** Starts it again on the same data, and waits until it is ready. */
  async restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.stop();
    const line = [...this.launcher, process.execPath, ...this.nodeArgs, 'dist/main.js'];
    const child = spawn(line[0] ?? '', line.slice(1), {
      env: {
        PATH: process.env['PATH'],
        PORT: String(this.ports.api),
        SANDBOX_PORT: String(this.ports.sandbox),
        INBOX_SMTP_PORT: String(this.ports.smtp),
        INBOX_PORT: String(this.ports.inbox),
        DATA_DIR: this.dataDir,
        BOOTSTRAP_API_KEY: API_KEY,
        LOG_LEVEL: 'warn',
        DEMO: 'false',
        ...this.env,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#process = child;
    const said = (chunk: Buffer) => {
      this.#output += chunk.toString();
    };
    child.stdout?.on('data', said);
    child.stderr?.on('data', said);
    child.once('exit', () => {
      if (this.#process === child) this.#process = undefined;
    });
    await this.#untilReady(child);
  }

  /** What the process says to whoever started it, beside its output. */
  listen(listener: (message: unknown) => void): void {
    this.#process?.on('message', listener);
  }
  /** Where it has just died, nobody hears it. */
  send(message: object): void {
    this.#process?.send(message, () => undefined);
  }

  /** Says something, and waits for what is said next. */
  async ask(message: object): Promise<void> {
    const child = this.#process;
    if (!child) throw new Error('the server does not run');
    const answered = once(child, 'message');
    child.send(message);
    await answered;
  }

  /** SIGTERM, as a process manager stops it. @returns its exit code; null where a signal ended it, or it did not run */
  stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  /** SIGKILL, as a crash ends it. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** Resolves when the process has ended by itself. */
  async ended(): Promise<void> {
    const child = this.#process;
    if (child) await new Promise((resolve) => child.once('exit', resolve));
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#process;
    if (!child) return null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return ended;
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    for (let waited = 0; waited < 60_000; waited += 50) {
      if (child.exitCode !== null || child.signalCode !== null) break;
      const ready = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (ready?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the server did not become ready:\n${this.#output}`);
  }
}

export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

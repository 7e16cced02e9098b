import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { API_KEY } from '../support/running-app.js';

const LOOKS_EVERY_MS = 5;

export type Started = ReturnType<typeof started>;

/** A program under this Node, with nothing of our own environment. */
export function started(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const options = { env: { PATH: process.env['PATH'], ...env } };
  const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const until = async <T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> => {
    for (;;) {
      const seen = await look();
      if (seen !== undefined) return seen;
      if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended too soon:\n${said}`);
      await new Promise((resolve) => setTimeout(resolve, LOOKS_EVERY_MS));
    }
  };
  return {
    /** The first group of `pattern`, once the program has printed it. */
    says: (pattern: RegExp): Promise<string> => until(() => pattern.exec(said)?.[1]),
    /** What it sends over the channel between the two; with `ask`, in answer to that. */
    async tells<T>(ask?: string | object): Promise<T> {
      const answer = once(child, 'message');
      if (ask) child.send(ask);
      const [told] = await answer;
      return told as T;
    },
    isReady: (port: number): Promise<true> =>
      until(async () => {
        const ready = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
        return ready?.ok || undefined;
      }),
    async end(): Promise<void> {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export type Server = Started & Readonly<{ port: number; readyMs: number }>;

/** A program that listens on PORT, from its first instruction to its first answer. */
export async function server(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Server> {
  const port = await freePort();
  const begun = performance.now();
  const program = started(['--import', './test/performance/tell-memory.mjs', ...args], {
    PORT: String(port),
    ...env,
  });
  await program.isReady(port);
  return { ...program, port, readyMs: performance.now() - begun };
}

/** The whole product with sandbox and inbox, on the data in this folder. */
export function theProduct(dataDir: string): Promise<Server> {
  const ports = { SANDBOX_PORT: '0', INBOX_SMTP_PORT: '0', INBOX_PORT: '0' };
  const settings = { BOOTSTRAP_API_KEY: API_KEY, LOG_LEVEL: 'warn', DEMO: 'false' };
  return server(['dist/main.js'], { DATA_DIR: dataDir, ...ports, ...settings });
}

export function bareNest(): Promise<Server> {
  return server([join('test', 'performance', 'bare-nest.mjs')], {});
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

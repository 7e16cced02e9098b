import { Injectable } from '@nestjs/common';

/** Says nothing where all is well, and otherwise why not, in words an operator may read aloud. */
export type Check = () => Promise<string | undefined>;

export type CheckResult = Readonly<{ name: string; ok: boolean; reason: string | null }>;

const PATIENCE_MS = 2_000;

/** What must be well before calls are sent here. Every part adds its own check at start. */
@Injectable()
export class Health {
  private readonly checks = new Map<string, Check>();

  add(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  async look(): Promise<readonly CheckResult[]> {
    return Promise.all([...this.checks].map(([name, check]) => run(name, check)));
  }
}

async function run(name: string, check: Check): Promise<CheckResult> {
  const late = new AbortController();
  const timeout = AbortSignal.any([late.signal, AbortSignal.timeout(PATIENCE_MS)]);
  const silence = new Promise<string>((resolve) => {
    timeout.addEventListener('abort', () => resolve(`no answer in ${PATIENCE_MS} ms`), { once: true });
  });
  try {
    const reason = await Promise.race([check(), silence]);
    return { name, ok: reason === undefined, reason: reason ?? null };
  } catch (failure) {
    return { name, ok: false, reason: failure instanceof Error ? failure.name : 'it failed' };
  } finally {
    late.abort();
  }
}

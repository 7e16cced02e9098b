import { Injectable } from '@nestjs/common';

/** Says nothing where all is well, and otherwise why not, in words an operator may read aloud. */
export type Check = () => Promise<string | undefined>;

export type CheckResult = Readonly<{ name: string; ok: boolean; reason: string | null }>;

/** What must be well before calls are sent here. Every part adds its own check at start. */
@Injectable()
export class Health {
  private readonly checks = new Map<string, Check>();

  /** @param patienceMs how long a check may take before it counts as failed */
  constructor(private readonly patienceMs = 2_000) {}

  add(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  async look(): Promise<readonly CheckResult[]> {
    return Promise.all([...this.checks].map(([name, check]) => run(name, check, this.patienceMs)));
  }
}

async function run(name: string, check: Check, patienceMs: number): Promise<CheckResult> {
  const late = new AbortController();
  const timeout = AbortSignal.any([late.signal, AbortSignal.timeout(patienceMs)]);
  const silence = new Promise<string>((resolve) => {
    timeout.addEventListener('abort', () => resolve(`no answer in ${patienceMs} ms`), { once: true });
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

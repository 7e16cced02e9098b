import type { RunningApp } from './running-app.js';

type Told = Readonly<Record<string, unknown>>;
export type SandboxAccount = Readonly<{ id: string; secretKey: string }>;

/** The door of the sandbox's owner: faults, time, accounts. */
export function anOwner({ url, adminToken }: Readonly<{ url: string; adminToken: string }>) {
  const call = async (method: string, path: string, body?: unknown): Promise<Told> => {
    const response = await fetch(`${url}/_sandbox/${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Told;
    if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  return {
    call,
    advance: (seconds: number) => call('POST', 'clock', { advance: seconds }),
    fault: (effect: unknown, match: object = {}, times: number | 'unlimited' = 1) =>
      call('POST', 'faults', { effect, match, times }),
    heal: () => call('DELETE', 'faults'),
    async anAccount(): Promise<SandboxAccount> {
      const terms = { name: 'Lamps & Co', country: 'US', default_currency: 'usd' };
      const { id, secret_key } = await call('POST', 'accounts', terms);
      return { id: String(id), secretKey: String(secret_key) };
    },
  };
}

export type Owner = ReturnType<typeof anOwner>;

/** The owner of the sandbox inside a running product, which says its token once when it starts. */
export function ownerOf({ output, sandboxUrl }: RunningApp): Owner {
  const adminToken = [...output.matchAll(/\/_sandbox\?token=([\w-]+)/g)].at(-1)?.[1];
  if (!adminToken) throw new Error(`no token of the sandbox's owner in:\n${output}`);
  return anOwner({ url: sandboxUrl, adminToken });
}

import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** What goes back over the wire, and how much of it arrives. */
export type Answer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** `hang`: never answered. `reset`: the connection breaks instead. `truncate`: it breaks half way. */
  arrives?: 'hang' | 'reset' | 'truncate' | Readonly<{ dripMs: number }>;
}>;

export async function send(
  response: ServerResponse,
  { status, headers, body, arrives }: Answer,
): Promise<void> {
  if (arrives === 'hang') return;
  if (arrives === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': bytes.length });
  if (arrives === undefined) {
    response.end(bytes);
    return;
  }
  if (arrives === 'truncate') {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
    return;
  }
  for (const byte of bytes) {
    if (response.destroyed) return;
    response.write(Uint8Array.of(byte));
    await wait(arrives.dripMs);
  }
  response.end();
}

export const json = { 'content-type': 'application/json' };

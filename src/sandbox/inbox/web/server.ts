import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Faults } from '../faults.js';
import type { MailStore } from '../kept-mail.js';
import type { Listening } from '../smtp-intake.js';
import { type Answer, answer, json } from './answers.js';

const LARGEST_BODY = 64 * 1024;

/** The page and the JSON API, on one port. */
export async function serveInbox(
  store: MailStore,
  faults: Faults,
  at: Readonly<{ host: string; port: number }>,
): Promise<Listening> {
  const server = createServer(async (request, response) => {
    try {
      const body = await bodyOf(request);
      send(response, request.method === 'HEAD', await reply(store, faults, request, body));
    } catch (error) {
      send(response, false, json(500, { error: error instanceof Error ? error.message : String(error) }));
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function reply(store: MailStore, faults: Faults, request: IncomingMessage, body: string) {
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
  if (method !== 'GET' && isFromAnotherSite(request)) return json(403, { error: 'not from another site' });
  const url = new URL(request.url ?? '/', 'http://inbox');
  return answer({ store, faults, method, url, body });
}

/** A page elsewhere cannot empty the inbox of whoever looks at it. */
function isFromAnotherSite({ headers }: IncomingMessage): boolean {
  return headers.origin !== undefined && headers.origin !== `http://${headers.host}`;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, headOnly: boolean, { status, headers, body }: Answer): void {
  const always = {
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
  response.writeHead(status, { ...always, 'content-length': Buffer.byteLength(body), ...headers });
  response.end(headOnly ? undefined : body);
}

import { connect, type Socket } from 'node:net';
import { median } from './measure.js';

export type Load = Readonly<{ perSecond: number; medianMs: number }>;

export type Call = Readonly<{
  method: string;
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}>;

/** A request as its bytes go over the wire: made before a round, so that a round measures the server. */
export function bytesOf({ method, path, headers = {}, body = '' }: Call): Buffer {
  const all = { host: 'localhost', 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

/**
 * Sends all of them, each of the connections waiting for its answer before it sends the next.
 * @throws Error where one is answered with anything but a 2xx
 */
export async function load(port: number, connections: number, calls: readonly Buffer[]): Promise<Load> {
  const lines = await Promise.all(Array.from({ length: connections }, () => Line.to(port)));
  const times: number[] = [];
  const queue = calls.values();
  const begun = performance.now();
  const work = lines.map(async (line) => {
    for (const call of queue) {
      const sent = performance.now();
      await line.ask(call);
      times.push(performance.now() - sent);
    }
  });
  await Promise.all(work);
  const perSecond = (calls.length * 1_000) / (performance.now() - begun);
  for (const line of lines) line.close();
  return { perSecond, medianMs: median(times) };
}

/** One kept connection. Cheaper than an agent, so that the client is not what is measured. */
class Line {
  #answer = Promise.withResolvers<void>();
  #received = '';

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', (error) => this.#answer.reject(error));
    socket.on('close', () => this.#answer.reject(new Error('the connection was closed')));
    this.#answer.promise.catch(() => undefined);
  }

  static to(port: number): Promise<Line> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Line(socket)));
      socket.once('error', reject);
    });
  }

  ask(call: Buffer): Promise<void> {
    this.#answer = Promise.withResolvers();
    this.socket.write(call);
    return this.#answer.promise;
  }

  close(): void {
    this.socket.destroy();
  }

  #read(text: string): void {
    this.#received += text;
    const head = this.#received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const [, length = '0'] = /\r\ncontent-length: (\d+)/i.exec(this.#received.slice(0, head)) ?? [];
    if (this.#received.length < head + 4 + Number(length)) return;
    const answer = this.#received;
    this.#received = '';
    if (/^HTTP\/1\.1 2/.test(answer)) this.#answer.resolve();
    else this.#answer.reject(new Error(`answered ${answer}`));
  }
}

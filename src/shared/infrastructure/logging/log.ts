import { Injectable, type LoggerService } from '@nestjs/common';
import type { Environment } from '../config/environment.js';

type Level = Exclude<Environment['LOG_LEVEL'], 'silent'>;
const RANK: Record<Environment['LOG_LEVEL'], number> = { silent: 0, error: 1, warn: 2, info: 3, debug: 4 };

/**
 * The only fields that a line may carry. Ids, names of code and numbers: nothing that a customer or an
 * operator typed, and nothing that opens a door.
 */
const ALLOWED = [
  'request_id',
  'key_id',
  'store',
  'order',
  'payment',
  'link',
  'event',
  'stream',
  'method',
  'route',
  'status',
  'ms',
  'code',
  'port',
  'address',
  'position',
  'policy',
  'projection',
  'attempt',
  'signal',
  'file',
  'bytes',
] as const;

/** Errors whose message is about code, never about data. */
const OWN_WORDS = ['TypeError', 'ReferenceError', 'RangeError', 'ConfigRefused'];

/** What Nest tells of its own start is of interest to few. */
const NEST_ITSELF = ['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication'];

/** Mail addresses, keys, tokens, card numbers: what a line in free words may have picked up. */
const DATA = /[^\s"'<>]+@[^\s"'<>]+|\b(?:sk|rk|qk|pk|whsec)_[\w-]+|\b[\w-]{40,}|\d(?:[ -]?\d){11,}/g;

function withoutData(text: string): string {
  return text.slice(0, 2_000).replace(DATA, '[removed]');
}

export type Fields = Partial<Record<(typeof ALLOWED)[number], string | number | undefined>>;

/** One JSON object per line. `message` is written by a programmer and never built from data. */
@Injectable()
export class Log implements LoggerService {
  constructor(
    private readonly level: Environment['LOG_LEVEL'] = 'info',
    private readonly write: (line: string) => void = (line) => void process.stdout.write(line),
  ) {}

  info(message: string, fields: Fields = {}): void {
    this.line('info', message, fields);
  }

  /** Nothing failed, and somebody should look before something does. */
  caution(message: string, fields: Fields = {}): void {
    this.line('warn', message, fields);
  }

  /** A failure that nobody expected: its class and where it happened, never its message, which may quote data. */
  fault(message: string, failure: unknown, fields: Fields = {}): void {
    const error = failure instanceof Error ? failure : undefined;
    const { code } = (failure ?? {}) as { code?: unknown };
    const at = error?.stack?.split('\n').filter((line) => /^\s+at /.test(line));
    this.line('error', message, fields, {
      error: error?.name ?? typeof failure,
      ...(error && OWN_WORDS.includes(error.name) && { says: error.message }),
      ...(typeof code === 'string' && /^[A-Z][A-Z_0-9]{2,40}$/.test(code) && { errno: code }),
      at_code: at?.slice(0, 8).map((line) => line.trim()),
      ...(error?.cause instanceof Error && { cause: error.cause.name }),
    });
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.nest(NEST_ITSELF.includes(String(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    if (message instanceof Error) this.fault('failed', message);
    else this.nest('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.nest('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.nest('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.nest('debug', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.nest('error', message, rest);
  }

  /** Nest's own lines: text and the name of the class it comes from; an object or an error is not spelled out. */
  private nest(level: Level, message: unknown, rest: readonly unknown[]): void {
    const text = typeof message === 'string' ? withoutData(message) : `a ${typeof message}`;
    const context = rest.at(-1);
    this.line(level, text, {}, typeof context === 'string' && !context.includes('\n') ? { context } : {});
  }

  private line(level: Level, message: string, fields: Fields, more: Record<string, unknown> = {}): void {
    if (RANK[level] > RANK[this.level]) return;
    const allowed = ALLOWED.flatMap((name) =>
      fields[name] === undefined ? [] : [[name, fields[name]] as const],
    );
    const entry = { at: new Date().toISOString(), level, message, ...Object.fromEntries(allowed), ...more };
    this.write(`${JSON.stringify(entry)}\n`);
  }
}

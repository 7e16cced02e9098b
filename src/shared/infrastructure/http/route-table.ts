import { Injectable } from '@nestjs/common';
import { Refusal } from '../../domain/refusal.js';

type Route = Readonly<{ methods: readonly string[]; pattern: string }>;

/** Every address the server answers, told by Fastify as routes are added. Says which methods an address takes. */
@Injectable()
export class RouteTable {
  private readonly routes: Route[] = [];

  add(pattern: string, methods: readonly string[]): void {
    this.routes.push({ methods, pattern });
  }

  /** `['GET', 'PATCH']`; `[]` where there is no such address. */
  methodsOf(url: string): readonly string[] {
    const path = url.split('?', 1)[0] ?? '';
    const found = this.routes
      .filter(({ pattern }) => matches(pattern, path))
      .flatMap(({ methods }) => methods);
    return [...new Set(found)].sort();
  }

  /** Why nothing answers here: another method would, or there is no such address. */
  refusal({ method, url }: Readonly<{ method: string; url: string }>): Refusal {
    const allow = this.methodsOf(url);
    if (allow.length === 0 || allow.includes(method)) {
      return new Refusal('not_found', 'There is no such address.');
    }
    return new Refusal('method_not_allowed', `Here one can ${allow.join(', ')}.`, {
      allow: allow.join(', '),
    });
  }
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.at(-1) === '*') return given.length >= wanted.length && wanted.slice(0, -1).every(fits(given));
  return given.length === wanted.length && wanted.every(fits(given));
}

const fits = (given: readonly string[]) => (part: string, at: number) =>
  part.startsWith(':') ? given[at] !== '' : part === given[at];

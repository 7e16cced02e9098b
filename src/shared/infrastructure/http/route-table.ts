import { Injectable } from '@nestjs/common';

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
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.at(-1) === '*') return given.length >= wanted.length && wanted.slice(0, -1).every(fits(given));
  return given.length === wanted.length && wanted.every(fits(given));
}

const fits = (given: readonly string[]) => (part: string, at: number) =>
  part.startsWith(':') ? given[at] !== '' : part === given[at];

import { z } from 'zod';
import type { Row } from '../engine/table.js';
import type { Cause, World } from '../engine/world.js';
import type { Account, AccountNote } from '../objects/account.js';
import type { Caller } from './caller.js';

/** A request that is known to be allowed and well formed. */
export type Call<P> = Readonly<{
  world: World;
  /** The account it is about: the caller's own, or a connected one. */
  account: Row<Account, AccountNote>;
  caller: Caller;
  cause: Cause;
  params: P;
  /** The first id in the path, or an empty text. */
  id: string;
  /** The second. */
  subId: string;
}>;

type Method = 'GET' | 'POST' | 'DELETE';

export type Route = Readonly<{
  method: Method;
  path: string;
  schema: z.ZodType;
  handle: (call: Call<never>) => object;
}>;

/** @param path such as `/v1/payment_intents/:id/confirm`. */
export function route<T>(
  method: Method,
  path: string,
  schema: z.ZodType<T>,
  handle: (call: Call<T>) => object,
): Route {
  return { method, path, schema, handle: handle as Route['handle'] };
}

export const nothing = z.strictObject({});

export type Match = Readonly<{ route: Route; ids: readonly string[] }>;

type Node = { fixed: Map<string, Node>; any?: Node; routes: Map<string, Route> };

/** Finds the route of a path, without a regular expression per route. */
export class Router {
  private readonly root: Node = newNode();

  constructor(routes: readonly Route[]) {
    for (const each of routes) this.add(each);
  }

  find(method: string, path: string): Match | undefined {
    const ids: string[] = [];
    let node: Node | undefined = this.root;
    for (const step of path.slice(1).split('/')) {
      const fixed: Node | undefined = node.fixed.get(step);
      if (!fixed && node.any) ids.push(decodeURIComponent(step));
      node = fixed ?? node.any;
      if (!node) return undefined;
    }
    const found = node.routes.get(method);
    return found && { route: found, ids };
  }

  private add(each: Route): void {
    let node = this.root;
    for (const step of each.path.slice(1).split('/')) {
      if (step.startsWith(':')) {
        node.any ??= newNode();
        node = node.any;
      } else {
        const next = node.fixed.get(step) ?? newNode();
        node.fixed.set(step, next);
        node = next;
      }
    }
    node.routes.set(each.method, each);
  }
}

function newNode(): Node {
  return { fixed: new Map(), routes: new Map() };
}

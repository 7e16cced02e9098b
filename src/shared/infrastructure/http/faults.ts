/** One thing wrong with a request: where, and what. Never holds the value. */
export type Fault = Readonly<{ pointer: string; code: string; detail: string }>;

/** The request does not have the shape that the route asks for. Lists every fault. */
export class Invalid extends Error {
  override readonly name = 'Invalid';
  constructor(readonly faults: readonly Fault[]) {
    super(`${faults.length} faults in the request`);
  }
}

/** RFC 6901: `/lines/0/amount`. */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The faults behind a schema's issues: one per unknown field, one per fault inside a map's keys and values. */
export function faultsOf(issues: readonly Issue[], under: readonly PropertyKey[] = []): Fault[] {
  return issues.flatMap((issue) => {
    const path = [
      ...under,
      ...(issue.path ?? []).map((step) => (typeof step === 'object' ? step.key : step)),
    ];
    const { code = 'invalid', keys, issues: inner } = issue;
    if (code === 'unrecognized_keys' && keys) {
      return keys.map((key) => ({
        pointer: pointerTo([...path, key]),
        code: 'unknown_field',
        detail: 'There is no such field.',
      }));
    }
    if (inner && inner.length > 0) return faultsOf(inner, path);
    return [{ pointer: pointerTo(path), code, detail: sentence(issue.message) }];
  });
}

/** An issue of Standard Schema, with what zod adds to it. */
export type Issue = Readonly<{
  message: string;
  path?: readonly (PropertyKey | Readonly<{ key: PropertyKey }>)[] | undefined;
  code?: string;
  keys?: readonly string[];
  issues?: readonly Issue[];
}>;

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

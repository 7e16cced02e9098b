/** What a form says, nested as its names are: `a[b][]=1`. Lists are lists; everything else is text. */
export type Form = { [name: string]: FormValue };
export type FormValue = string | FormValue[] | Form;

const forbidden: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const deepest = 8;

/** `undefined` where a name makes no sense. */
export function parseForm(text: string): Form | undefined {
  const root: Form = Object.create(null) as Form;
  for (const [name, value] of new URLSearchParams(text)) {
    const path = pathOf(name);
    if (!path || !put(root, path, value)) return undefined;
  }
  return withLists(root) as Form;
}

function pathOf(name: string): string[] | undefined {
  const open = name.indexOf('[');
  if (open < 0) return forbidden.has(name) ? undefined : [name];
  const rest = name.slice(open);
  if (open === 0 || !/^(\[[^[\]]*\])+$/.test(rest)) return undefined;
  const path = [name.slice(0, open), ...rest.slice(1, -1).split('][')];
  return path.length > deepest || path.some((step) => forbidden.has(step)) ? undefined : path;
}

function put(into: Form, path: readonly string[], value: string): boolean {
  const [step = '', ...rest] = path;
  const key = step === '' ? String(Object.keys(into).length) : step;
  if (rest.length === 0) {
    into[key] = value;
    return true;
  }
  const inner = into[key] ?? (Object.create(null) as Form);
  into[key] = inner;
  return typeof inner === 'object' && !Array.isArray(inner) && put(inner, rest, value);
}

/** `{0: a, 1: b}` is a list. */
function withLists(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, withLists(inner)] as const);
  const counted = entries.length > 0 && entries.every(([key], at) => key === String(at));
  return counted ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

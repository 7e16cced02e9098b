import canonicalize from 'canonicalize';

/** RFC 8785: one text for one value, however its members are ordered. @throws where the value is no JSON. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

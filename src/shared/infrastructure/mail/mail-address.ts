const LOCAL = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const ADDRESS = new RegExp(`^${LOCAL}(?:\\.${LOCAL})*@(?:${LABEL}\\.)+${LABEL}$`);

/**
 * Whether this is one plain mail address: no quotes, lists, comments, spaces or control characters, which mail
 * software reads in ways of its own. International domains come in their `xn--` form.
 */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && text.lastIndexOf('@') <= 64 && ADDRESS.test(text);
}

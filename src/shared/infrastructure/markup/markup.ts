/** HTML that is safe to show: made by `markup` only. */
export class Markup {
  constructor(private readonly html: string) {}

  toString(): string {
    return this.html;
  }
}

/** Lists are joined; nothing is shown for `null`, `undefined` and `false`. */
export type Shown = string | number | Markup | readonly Shown[] | null | undefined | false;

/** HTML in which every value is text, unless it is markup itself. Attributes are to be quoted. */
export function markup(parts: TemplateStringsArray, ...values: readonly Shown[]): Markup {
  return new Markup(String.raw({ raw: parts }, ...values.map(shown)));
}

/** Our own constant HTML or CSS, never anybody's words. */
export function verbatim(html: string): Markup {
  return new Markup(html);
}

function shown(value: Shown): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.toString();
  if (typeof value === 'object') return value.map(shown).join('');
  return String(value).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

import { type Html, html, type Part } from '../pages/html.js';

/** How many of the latest are shown of anything. */
export const shownRows = 50;

/** @param act what the owner's door is asked for: `POST refunds/re_1/fail {"reason":"unknown"}` */
export function button(act: string, label: string): Html {
  return html`<button type="submit" form="act" name="act" value="${act}">${label}</button> `;
}

export function table(title: string, heads: readonly string[], lines: readonly (readonly Part[])[]): Html {
  if (lines.length === 0) return html`<section><h2>${title}</h2><p class="quiet">None.</p></section>`;
  return html`<section><h2>${title}</h2><div class="scroll"><table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${lines.map((line) => html`<tr>${line.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div></section>`;
}

export function latest<T>(all: Iterable<T>): T[] {
  return [...all].slice(-shownRows).reverse();
}

export function time(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

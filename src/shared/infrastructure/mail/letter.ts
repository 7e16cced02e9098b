import { type Markup, markup, type Shown, verbatim } from '../markup/markup.js';

export type Letter = Readonly<{
  title: string;
  /** Shown beside the subject in the list of mails. */
  preview: string;
  storeName: string;
  body: Shown;
  footer: Shown;
}>;

/**
 * The frame of a mail to a customer or a merchant: tables and inline styles, since that is what mail software shows alike, and
 * nothing from elsewhere. Colours of the dark are in the style sheet, for software that asks for them.
 */
export function letter({ title, preview, storeName, body, footer }: Letter): string {
  return String(markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${title}</title>
<style>${verbatim(DARK)}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f3f4f1;${FONT}">
<div style="display:none;max-height:0;overflow:hidden;font-size:1px;line-height:1px">${preview}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="page" style="background:#f3f4f1">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px">
<tr><td class="soft" style="padding:0 8px 16px;${FONT}font-size:15px;font-weight:600;color:#3c4742">${storeName}</td></tr>
<tr><td class="card" style="background:#ffffff;border-radius:16px;padding:36px 32px;${FONT}font-size:16px;line-height:1.55;color:#15201b">${body}</td></tr>
<tr><td class="soft" style="padding:20px 8px 0;${FONT}font-size:13px;line-height:1.5;color:#5a6660">${footer}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`);
}

const FONT = verbatim(
  "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Noto Sans',Helvetica,Arial,sans-serif;",
);

const DARK = `
@media (prefers-color-scheme: dark) {
  .page { background: #10140f !important }
  .card { background: #1b211c !important; color: #eef3ef !important }
  .soft { color: #a9b6af !important }
  .rule { border-color: #344038 !important }
  .words { background: #242c26 !important; color: #eef3ef !important }
  .button { background: #4fd6a8 !important }
  .button a { color: #08251b !important }
  a.plain { color: #7fe3c1 !important }
}
`;

/** A heading with its small line above. */
export function heading(over: Shown, text: Shown): Markup {
  return markup`<p class="soft" style="margin:0 0 4px;font-size:14px;color:#5a6660">${over}</p>
<h1 style="margin:0 0 20px;font-size:34px;line-height:1.15;font-weight:700;letter-spacing:-.02em">${text}</h1>`;
}

/** A link that looks like a button everywhere, also where only table cells have colours. */
export function button(url: string, text: string): Markup {
  return markup`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 28px"><tr>
<td class="button" align="center" bgcolor="#0b6b52" style="background:#0b6b52;border-radius:10px">
<a href="${url}" style="display:block;padding:16px 24px;font-size:17px;font-weight:650;color:#ffffff;text-decoration:none">${text}</a>
</td></tr></table>`;
}

/** Names and values in two columns; the last one stands out. */
export function facts(rows: readonly (readonly [name: string, value: string])[]): Markup {
  const row = ([name, value]: readonly [string, string], at: number) => {
    const weight = at === rows.length - 1 ? 650 : 400;
    return markup`<tr><td class="rule soft" style="padding:10px 0;border-top:1px solid #e4e7e2;color:#5a6660">${name}</td>
<td class="rule" align="right" style="padding:10px 0;border-top:1px solid #e4e7e2;font-weight:${weight};overflow-wrap:anywhere">${value}</td></tr>`;
  };
  return markup`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="font-size:15px;line-height:1.4">${rows.map(row)}</table>`;
}

/** What the operator wrote: text, line by line. */
export function words(text: string): Markup {
  const lines = text.split('\n').map((line, at) => markup`${at > 0 && verbatim('<br>')}${line}`);
  return markup`<div class="words" style="margin:0 0 24px;padding:16px 18px;border-radius:10px;background:#f1f5f0;overflow-wrap:anywhere">${lines}</div>`;
}

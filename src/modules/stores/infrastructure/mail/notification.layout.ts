import { asHtml } from '../html.js';

/** A short mail to an operator: paragraphs of plain text. */
export type Notification = Readonly<{ fromName: string; subject: string; paragraphs: readonly string[] }>;

/** The mail as it is sent. */
export function laidOut({ fromName, subject, paragraphs }: Notification) {
  const body = paragraphs.map((paragraph) => `<p>${asHtml(paragraph)}</p>`).join('\n');
  return {
    fromName,
    subject,
    text: `${paragraphs.join('\n\n')}\n`,
    html: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${asHtml(subject)}</title></head>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 36rem">
${body}
</body>
</html>
`,
    attachments: [],
  };
}

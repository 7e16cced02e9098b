import { asHtml } from '../html.js';

/** What the merchant's browser shows after the round to Stripe. */
export type ConnectionOutcome =
  | Readonly<{ connected: true; name: string; account: string }>
  | Readonly<{ connected: false; detail: string }>;

/** A whole page, without anything loaded from elsewhere. */
export function connectionPage(outcome: ConnectionOutcome): string {
  const title = outcome.connected ? 'Connected to Stripe' : 'Not connected';
  const text = outcome.connected
    ? `<strong>${asHtml(outcome.name)}</strong> takes payments through the Stripe account <code>${asHtml(outcome.account)}</code> from now on.`
    : `${asHtml(outcome.detail)} Nothing was changed. Start again from the Integrations page.`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Quittance</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 15vh auto 0; max-width: 32rem; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; }
a { color: inherit; }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p role="status">${text}</p>
<p><a href="/">Back to Quittance</a></p>
</main>
</body>
</html>
`;
}

import { z } from 'zod';
import { problemTexts } from '../../application/problem-texts.js';
import type { IntegrationProblem } from '../../domain/store.events.js';
import { laidOut } from './notification.layout.js';

const known = Object.keys(problemTexts) as [IntegrationProblem, ...IntegrationProblem[]];
const Data = z.object({
  store_name: z.string(),
  problem: z.enum(known),
  detail: z.string(),
  since: z.string(),
});

/** Says what broke between a store and Stripe, since when, and what to do about it. */
export function integrationErrorEmail(data: unknown) {
  const { store_name, problem, detail, since } = Data.parse(data);
  const { title, action } = problemTexts[problem];
  return laidOut({
    fromName: store_name,
    subject: `${store_name}: ${title}`,
    paragraphs: [
      `${title}.`,
      `Store: ${store_name}. Since: ${when(since)}.`,
      detail,
      `What to do: ${action}`,
      'This is the only mail about this problem. The Integrations page shows it until it is over.',
    ],
  });
}

/** `23 November 2026 at 10:00 UTC` */
function when(moment: string): string {
  const text = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(new Date(moment));
  return `${text} UTC`;
}

import { z } from 'zod';
import { isMailAddress } from '../mail/mail-address.js';
import { plainText } from '../markup/plain-text.js';

const hasWords = (text: string) => plainText(text) !== '';

/** One line of text that holds something to read, and nothing that could end a header or a field. */
export const oneLine = (longest: number, text: z.ZodString = z.string()) =>
  text
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u, 'Must be one line of text')
    .refine(hasWords, 'Must hold something to read');

/** Text with line breaks and tabs. */
export const lines = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^(?:[\n\t]|[^\p{Cc}\p{Cs}])*$/u, 'Must be text');

/** Why somebody did something, for people to read later. */
export const whyText = (longest: number) =>
  lines(longest).refine((text) => text === '' || hasWords(text), 'Must hold something to read');

/** Whatever can be kept as UTF-8 and in every database. Who shows it takes out what acts. */
export const anyText = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[^\0\p{Cs}]*$/u, 'Must be text');

/** One address, by the same rule as the mailer's: nothing that could be a second one, a name or a header. */
export const mailAddress = z.stringFormat('email', isMailAddress, 'Must be one e-mail address').max(254);

/** Pairs of the caller's own, kept with a resource. */
export const metadata = z
  .record(oneLine(40), anyText(500))
  .refine((pairs) => Object.keys(pairs).length <= 50, 'At most 50 pairs');

/** Characters that are not seen but act: controls, reordering of letters, invisible tags. Joiners of letters stay. */
const ACTING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** Somebody's words in lines, and nothing but words. */
export function plainText(text: string): string {
  const lines = text.replace(/\r\n?|\u2028|\u2029/g, '\n').replaceAll('\t', ' ');
  return lines
    .replace(ACTING, '')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Somebody's words in one line: for subjects, names and titles. */
export function oneLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ');
}

/** The same words, in which mail software finds no address to make a link of. */
export function withoutLinks(text: string): string {
  return text
    .replace(/:(?=\/\/)/g, ':\u2060')
    .replace(/(?<=[\p{L}\p{N}])\.(?=[\p{L}\p{N}-]*\p{L})/gu, '.\u2060')
    .replace(/@(?=\S)/g, '@\u2060');
}

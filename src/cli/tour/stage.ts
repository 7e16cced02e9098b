import type { Json, QuittanceClient } from './quittance.client.js';

/** Something went otherwise than the story tells. */
export class StoryDiffers extends Error {
  override readonly name = 'StoryDiffers';
}

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** Where a story is played and told: one store, its customer's mailbox, and a transcript. */
export class Stage {
  constructor(
    readonly store: QuittanceClient,
    private readonly inboxUrl: string,
    private readonly transcript: { write(text: string): unknown },
  ) {}

  title(text: string): void {
    this.transcript.write(`\n${text}\n${'─'.repeat(text.length)}\n`);
  }

  /** One thing that happened. */
  tell(text: string): void {
    this.transcript.write(`  ${text}\n`);
  }

  /** @throws StoryDiffers */
  expect(what: string, actual: unknown, expected: unknown): void {
    const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (got !== wanted) throw new StoryDiffers(`${what}: expected ${wanted}, got ${got}`);
    this.transcript.write(`  ✓ ${what}: ${typeof actual === 'string' ? actual : got}\n`);
  }

  /** Looks again and again until there is something to see. @throws StoryDiffers */
  async until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
      const seen = await look();
      if (seen !== undefined) return seen;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    throw new StoryDiffers(`${what} did not happen within ${PATIENCE_MS / 1000} s`);
  }

  /** The newest mail to somebody whose subject fits, as their mail program shows it. @throws StoryDiffers */
  mail(to: string, subject: RegExp): Promise<Json> {
    return this.until(`a mail to ${to}`, async () => {
      const list = await json(`${this.inboxUrl}/api/messages?to=${encodeURIComponent(to)}`);
      const found = list.find((message: Json) => subject.test(message.subject));
      return found && json(`${this.inboxUrl}/api/messages/${found.id}`);
    });
  }

  /** How much of an attachment there is, and how it begins. */
  async attachment(url: string): Promise<Readonly<{ bytes: number; start: string }>> {
    const reply = await fetch(new URL(url, this.inboxUrl));
    const content = Buffer.from(await reply.arrayBuffer());
    return { bytes: content.length, start: content.subarray(0, 5).toString('latin1') };
  }
}

async function json(url: string): Promise<Json> {
  const reply = await fetch(url);
  if (!reply.ok) throw new StoryDiffers(`${url} answered ${reply.status}`);
  return reply.json();
}

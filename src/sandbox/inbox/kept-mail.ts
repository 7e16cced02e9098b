import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A mail exactly as it came. */
export type KeptMail = Readonly<{
  id: string;
  /** RFC 3339 UTC. */
  receivedAt: string;
  envelope: Readonly<{ from: string; to: readonly string[] }>;
  raw: Buffer;
}>;

const MOST = 5_000;

/** All mails, newest first; in a folder where there is one, so that they survive a restart. */
export class MailStore {
  private readonly mails = new Map<string, KeptMail>();
  private count = 0;

  private constructor(private readonly folder: string | undefined) {}

  static async open(folder: string | undefined): Promise<MailStore> {
    const store = new MailStore(folder);
    if (!folder) return store;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
    for (const name of names) {
      const { raw, ...rest } = JSON.parse(await readFile(join(folder, name), 'utf8'));
      store.mails.set(rest.id, { ...rest, raw: Buffer.from(raw, 'base64') });
    }
    return store;
  }

  /** Resolves once the mail would survive a crash of this process. */
  async keep(envelope: KeptMail['envelope'], raw: Buffer): Promise<KeptMail> {
    const now = new Date();
    const mail = { id: this.nextId(now), receivedAt: now.toISOString(), envelope, raw };
    const path = this.pathOf(mail.id);
    if (path) {
      const text = JSON.stringify({ ...mail, raw: raw.toString('base64') });
      await writeFile(`${path}.part`, text, { mode: 0o600 });
      await rename(`${path}.part`, path);
    }
    this.mails.set(mail.id, mail);
    for (const [oldest] of this.mails) {
      if (this.mails.size <= MOST) break;
      await this.drop(oldest);
    }
    return mail;
  }

  get newestFirst(): readonly KeptMail[] {
    return [...this.mails.values()].reverse();
  }

  get(id: string): KeptMail | undefined {
    return this.mails.get(id);
  }

  async clear(): Promise<void> {
    await Promise.all([...this.mails.keys()].map((id) => this.drop(id)));
  }

  private async drop(id: string): Promise<void> {
    this.mails.delete(id);
    const path = this.pathOf(id);
    if (path) await rm(path, { force: true });
  }

  private pathOf(id: string): string | undefined {
    return this.folder && join(this.folder, `${id}.json`);
  }

  /** In the order of arrival, also as file names. */
  private nextId(now: Date): string {
    const time = now.getTime().toString(36).padStart(9, '0');
    this.count = (this.count + 1) % 36 ** 4;
    return `${time}${this.count.toString(36).padStart(4, '0')}${randomBytes(3).toString('hex')}`;
  }
}

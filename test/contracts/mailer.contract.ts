import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Mail,
  MailDeferred,
  type Mailer,
  MailRejected,
} from '../../src/shared/application/ports/mailer.port.js';

/** What the other side got. */
export type Arrived = Readonly<{
  recipients: readonly string[];
  headerNames: readonly string[];
  messageId: string | null;
  from: Readonly<{ name: string; address: string }>;
  subject: string;
  text: string | null;
  html: string | null;
  attachments: readonly Readonly<{ filename: string; contentType: string; content: Buffer }>[];
}>;

export type Subject = Readonly<{
  mailer: Mailer;
  /** Oldest first. */
  arrived(): Promise<readonly Arrived[]>;
  empty(): Promise<void>;
  fail(effect: 'reject' | 'defer' | 'lose_answer'): Promise<void>;
  close(): Promise<void>;
}>;

export const aMail = (changes: Partial<Mail> = {}): Mail => ({
  messageId: '<mail_1@quittance.test>',
  from: { name: 'Lamps & Co', address: 'payments@quittance.test' },
  to: { name: 'Ada Lovelace', address: 'ada@example.test' },
  subject: 'Order SO-1042: 40.00 USD',
  text: 'Zażółć gęślą jaźń\n',
  html: '<p>Zażółć gęślą jaźń</p>\n',
  attachments: [
    { filename: 'invoice-INV-1.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7 …') },
  ],
  ...changes,
});

const hostile = [
  'a@b.test\r\nBcc: evil@x.test',
  'a@b.test\nTo: evil@x.test',
  'a@b.test, evil@x.test',
  'a@b.test;evil@x.test',
  'a@b.test evil@x.test',
  '<evil@x.test>',
  'A <a@b.test>, <evil@x.test>',
  '"a@b.test\\", evil@x.test"@b.test',
  'group: a@b.test, evil@x.test;',
  'a@b.test(evil@x.test)',
  'a@b.test\u0000evil@x.test',
  'a@b.test\u2028Bcc:evil@x.test',
  'a@b.test>\r\nRCPT TO:<evil@x.test',
  'ａ@b.test',
  'a@[127.0.0.1]',
  '@b.test',
  'a@',
  'a',
  '',
  `${'a'.repeat(65)}@b.test`,
];

const piece = fc.constantFrom(
  '\r\n',
  '\n',
  '\r',
  ',',
  ';',
  '<',
  '>',
  '"',
  '(',
  ')',
  ':',
  ' ',
  '\t',
  '\u0000',
  '\u2028',
  '=?utf-8?q?=0d=0aBcc:_evil=40x.test?=',
  'Bcc: evil@x.test',
  'evil@x.test',
  'a@b.test',
  '.',
  'Ω',
  '\u202e',
);
const anyText = fc.oneof(
  fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** The rules of the Mailer port, for each of its adapters. */
export function mailerContract(name: string, open: () => Promise<Subject>, runs: number): void {
  describe(`${name} as a Mailer`, () => {
    let subject: Subject;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(() => subject.close());
    beforeEach(() => subject.empty());

    test('hands over the whole mail', async () => {
      await subject.mailer.send(aMail());
      const [mail, ...others] = await subject.arrived();
      expect(others).toEqual([]);
      expect(mail).toMatchObject({
        recipients: ['ada@example.test'],
        messageId: '<mail_1@quittance.test>',
        from: { name: 'Lamps & Co', address: 'payments@quittance.test' },
        subject: 'Order SO-1042: 40.00 USD',
        text: 'Zażółć gęślą jaźń\n',
        html: '<p>Zażółć gęślą jaźń</p>\n',
      });
      expect(mail?.attachments).toEqual(aMail().attachments);
    });

    test('says that the server will never take it', async () => {
      await subject.fail('reject');
      await expect(subject.mailer.send(aMail())).rejects.toBeInstanceOf(MailRejected);
      expect(await subject.arrived()).toEqual([]);
      await subject.mailer.send(aMail());
      expect(await subject.arrived()).toHaveLength(1);
    });

    test('says that the server does not take it now', async () => {
      await subject.fail('defer');
      await expect(subject.mailer.send(aMail())).rejects.toBeInstanceOf(MailDeferred);
      expect(await subject.arrived()).toEqual([]);
    });

    test('does not know it was taken where the answer is lost, and sends the same mail again', async () => {
      await subject.fail('lose_answer');
      await expect(subject.mailer.send(aMail())).rejects.toBeInstanceOf(MailDeferred);
      await subject.mailer.send(aMail());
      const [first, second] = await subject.arrived();
      expect(second?.messageId).toBe(first?.messageId);
    });

    test.each(hostile)('sends nothing to %j', async (address) => {
      const mail = aMail({ to: { name: 'Ada', address } });
      await expect(subject.mailer.send(mail)).rejects.toBeInstanceOf(MailRejected);
      expect(await subject.arrived()).toEqual([]);
    });

    test('never sends to anybody but the one address, whatever the address looks like', async () => {
      const property = fc.asyncProperty(anyText, async (address) => {
        await subject.empty();
        const sent = await subject.mailer.send(aMail({ to: { name: 'Ada', address } })).then(
          () => true,
          (error: unknown) => expect(error).toBeInstanceOf(MailRejected),
        );
        const recipients = (await subject.arrived()).map((mail) => mail.recipients);
        expect(recipients).toEqual(sent ? [[address]] : []);
      });
      await fc.assert(property, { numRuns: runs });
    });

    test('never gets another header out of a name or a subject', async () => {
      await subject.mailer.send(aMail());
      const [plain] = await subject.arrived();
      const property = fc.asyncProperty(anyText, anyText, anyText, async (fromName, toName, subjectLine) => {
        await subject.empty();
        const from = { ...aMail().from, name: fromName };
        const to = { ...aMail().to, name: toName };
        await subject.mailer.send(aMail({ from, to, subject: `Order ${subjectLine}` }));
        const [mail, ...others] = await subject.arrived();
        expect(others).toEqual([]);
        expect(mail?.recipients).toEqual(['ada@example.test']);
        expect(mail?.from.address).toBe('payments@quittance.test');
        expect([...(mail?.headerNames ?? [])].sort()).toEqual([...(plain?.headerNames ?? [])].sort());
      });
      await fc.assert(property, { numRuns: runs });
    });
  });
}

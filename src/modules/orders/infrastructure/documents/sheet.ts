import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';

export type Tag = PDFKit.PDFStructureElement;

export type Ink = Readonly<{
  size?: number;
  bold?: boolean;
  colour?: string;
  align?: 'left' | 'right' | 'center';
}>;

export type Box = Readonly<{ x: number; y: number; width: number }>;

export const PAGE = { width: 595.28, height: 841.89, margin: 52, footer: 40 } as const;

type Font = Readonly<{ layout(text: string): unknown }>;
let fonts: Readonly<{ regular: Font; bold: Font }> | undefined;

/** Parsing a font takes longer than an invoice, so documents share it: pdfkit takes one that it has parsed before. */
function parsedFont(name: string): Font {
  const path = createRequire(import.meta.url).resolve(`@expo-google-fonts/noto-sans/${name}.ttf`);
  const parser = new PDFDocument({ autoFirstPage: false }).font(readFileSync(path));
  return (parser as unknown as { _font: { font: Font } })._font.font;
}

/** A tagged document: whatever is written is part of its reading order, whatever is drawn is not. */
export class Sheet {
  readonly root: Tag;
  private readonly doc: PDFKit.PDFDocument;
  private readonly bytes: Promise<Buffer>;

  /** The same words at the same `createdAt` make the same bytes. */
  constructor({ title, author, createdAt }: Readonly<{ title: string; author: string; createdAt: Date }>) {
    fonts ??= {
      regular: parsedFont('400Regular/NotoSans_400Regular'),
      bold: parsedFont('600SemiBold/NotoSans_600SemiBold'),
    };
    const options = {
      size: 'A4',
      margin: PAGE.margin,
      pdfVersion: '1.7',
      subset: 'PDF/UA',
      tagged: true,
      lang: 'en',
      displayTitle: true,
      bufferPages: true,
      // No default font: pdfkit parses a registered one anew at each use if it is the default one, too.
      font: null,
      info: {
        Title: title,
        Author: author,
        Creator: 'Quittance',
        Producer: 'Quittance',
        CreationDate: createdAt,
      },
    } as unknown as PDFKit.PDFDocumentOptions;
    this.doc = new PDFDocument(options);
    for (const [name, font] of Object.entries(fonts)) this.doc.registerFont(name, font as unknown as string);
    const chunks: Buffer[] = [];
    this.bytes = new Promise((resolve, reject) => {
      this.doc.on('data', (chunk: Buffer) => chunks.push(chunk));
      this.doc.on('end', () => resolve(Buffer.concat(chunks)));
      this.doc.on('error', reject);
    });
    this.root = this.doc.struct('Document');
    this.doc.addStructure(this.root);
  }

  /** An element of the reading order. `scope` says what a table's heading is about. */
  tag(parent: Tag, type: string, scope?: 'Column' | 'Row'): Tag {
    const element = this.doc.struct(type, (scope ? { scope } : {}) as object);
    parent.add(element);
    return element;
  }

  /** Writes into an element, and answers where the text ends. */
  write(into: Tag, text: string, box: Box, ink: Ink = {}): number {
    const bottom = box.y + this.heightOf(text, box.width, ink);
    into.add(() => this.put(text, box, ink));
    return bottom;
  }

  /** Text that only helps the eye, such as page numbers: no part of the reading order. */
  decorate(draw: (doc: PDFKit.PDFDocument, put: (text: string, box: Box, ink?: Ink) => void) => void): void {
    this.doc.markContent('Artifact', { type: 'Layout' });
    draw(this.doc, (text, box, ink = {}) => this.put(text, box, ink));
    this.doc.endMarkedContent();
  }

  heightOf(text: string, width: number, ink: Ink = {}): number {
    this.use(ink);
    return this.doc.heightOfString(text || ' ', { width, lineGap: 0 });
  }

  widthOf(text: string, ink: Ink = {}): number {
    this.use(ink);
    return this.doc.widthOfString(text);
  }

  addPage(): void {
    this.doc.addPage();
  }

  /** The finished document; `footer` is asked for each page. */
  async finish(footer: (page: number, pages: number) => string): Promise<Buffer> {
    this.root.end();
    const { count } = this.doc.bufferedPageRange();
    for (let page = 0; page < count; page++) {
      this.doc.switchToPage(page);
      this.doc.page.margins.bottom = 0;
      const box = { x: PAGE.margin, y: PAGE.height - PAGE.footer, width: PAGE.width - 2 * PAGE.margin };
      const ink = { size: 8, colour: '#5a6660', align: 'center' } as const;
      this.decorate((_, put) => put(footer(page + 1, count), box, ink));
    }
    this.doc.end();
    return this.bytes;
  }

  private put(text: string, { x, y, width }: Box, ink: Ink): void {
    this.use(ink);
    this.doc
      .fillColor(ink.colour ?? '#15201b')
      .text(text, x, y, { width, align: ink.align ?? 'left', lineGap: 0 });
  }

  private use({ size = 9.5, bold = false }: Ink): void {
    this.doc.font(bold ? 'bold' : 'regular').fontSize(size);
  }
}

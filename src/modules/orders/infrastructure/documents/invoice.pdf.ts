import { type InvoiceText, type InvoiceView, invoiceText, type Tone } from './invoice.js';
import { type Ink, PAGE, Sheet, type Tag } from './sheet.js';

const LEFT = PAGE.margin;
const WIDTH = PAGE.width - 2 * PAGE.margin;
const BOTTOM = PAGE.height - PAGE.margin - 14;
const SOFT: Ink = { colour: '#5a6660' };
const GAP = 5;

const tones: Readonly<Record<Tone, readonly [paper: string, ink: string]>> = {
  done: ['#d9f3e5', '#0b5a43'],
  open: ['#fdeecb', '#6b4700'],
  off: ['#e6e8e5', '#4a524d'],
};

type Column = Readonly<{ name: string; share: number; align: 'left' | 'right' }>;
const columns: readonly Column[] = [
  { name: 'Description', share: 0.4, align: 'left' },
  { name: 'Quantity', share: 0.12, align: 'right' },
  { name: 'Unit price', share: 0.17, align: 'right' },
  { name: 'Tax', share: 0.14, align: 'right' },
  { name: 'Amount', share: 0.17, align: 'right' },
];

/** The invoice as a tagged PDF: headings, paragraphs and tables that a screen reader can follow. */
export async function invoicePdf(view: InvoiceView): Promise<Buffer> {
  const text = invoiceText(view);
  const title = `${text.title}, ${text.store}`;
  const sheet = new Sheet({ title, author: text.store, createdAt: new Date(view.issued_at) });
  let y = head(sheet, text);
  if (text.lines.length > 0) y = lines(sheet, text, y + 26);
  sums(sheet, text, y + 20);
  return sheet.finish((page, pages) => `${text.store}   ·   ${text.title}   ·   Page ${page} of ${pages}`);
}

function head(sheet: Sheet, { title, store, standing, facts, billedTo, balance }: InvoiceText): number {
  const { root } = sheet;
  const half = WIDTH / 2 - 12;
  const right = LEFT + WIDTH / 2 + 12;
  let y = sheet.write(
    sheet.tag(root, 'P'),
    store,
    { x: LEFT, y: PAGE.margin, width: WIDTH - 190 },
    { size: 13, bold: true },
  );
  y = sheet.write(
    sheet.tag(root, 'H1'),
    title,
    { x: LEFT, y: y + 18, width: WIDTH },
    { size: 25, bold: true },
  );
  badge(sheet, standing);

  const top = y + 20;
  let down = sheet.write(
    sheet.tag(root, 'H2'),
    'Billed to',
    { x: LEFT, y: top, width: half },
    { ...SOFT, size: 8.5 },
  );
  for (const [at, line] of billedTo.entries()) {
    down = sheet.write(
      sheet.tag(root, 'P'),
      line,
      { x: LEFT, y: down + 1, width: half },
      { size: 10, bold: at === 0 },
    );
  }
  let up = sheet.write(
    sheet.tag(root, 'P'),
    balance[0],
    { x: right, y: top, width: half },
    { ...SOFT, size: 8.5 },
  );
  up =
    sheet.write(
      sheet.tag(root, 'P'),
      balance[1],
      { x: right, y: up, width: half },
      { size: 17, bold: true },
    ) + 8;
  const list = sheet.tag(root, 'Table');
  for (const [name, value] of facts) {
    const row = sheet.tag(list, 'TR');
    sheet.write(sheet.tag(row, 'TH', 'Row'), name, { x: right, y: up, width: 70 }, SOFT);
    up = sheet.write(sheet.tag(row, 'TD'), value, { x: right + 70, y: up, width: half - 70 }, {}) + 3;
  }
  return Math.max(down, up);
}

function badge(sheet: Sheet, { text, tone }: InvoiceText['standing']): void {
  const [paper, colour] = tones[tone];
  const ink = { size: 9, bold: true, colour } as const;
  const width = sheet.widthOf(text, ink) + 24;
  const x = LEFT + WIDTH - width;
  sheet.decorate((doc) => doc.roundedRect(x, PAGE.margin - 3, width, 23, 11.5).fill(paper));
  sheet.write(
    sheet.tag(sheet.root, 'P'),
    text,
    { x, y: PAGE.margin + 2.3, width },
    { ...ink, align: 'center' },
  );
}

function lines(sheet: Sheet, { lines: all }: InvoiceText, from: number): number {
  const table = sheet.tag(sheet.root, 'Table');
  let y = columnHeads(sheet, from, table);
  const body = sheet.tag(table, 'TBody');
  for (const line of all) {
    const cells = [line.description, line.quantity, line.unit, line.tax, line.amount];
    const [first] = boxes(y);
    const width = first?.width ?? WIDTH;
    const skuHeight = line.sku ? sheet.heightOf(line.sku, width, { size: 8 }) : 0;
    const height = Math.max(...cells.map((text, at) => sheet.heightOf(text, boxes(y)[at]?.width ?? WIDTH)));
    const needed = sheet.heightOf(line.description, width) + skuHeight;
    if (y + Math.max(height, needed) + 2 * GAP > BOTTOM) {
      sheet.addPage();
      y = columnHeads(sheet, PAGE.margin);
    }
    const row = sheet.tag(body, 'TR');
    const top = y + GAP;
    for (const [at, text] of cells.entries()) {
      const box = boxes(top)[at];
      const cell = sheet.tag(row, 'TD');
      if (!box) continue;
      const bottom = sheet.write(cell, text, box, { align: columns[at]?.align ?? 'left' });
      if (at === 0 && line.sku) sheet.write(cell, line.sku, { ...box, y: bottom }, { ...SOFT, size: 8 });
    }
    y = top + Math.max(height, needed) + GAP;
    rule(sheet, y, '#e4e7e2');
  }
  return y;
}

/** On each page; a part of the table, for a reader, on the first only. */
function columnHeads(sheet: Sheet, y: number, table?: Tag): number {
  const ink = { size: 8.5, bold: true, colour: '#3c4742' } as const;
  const row = table && sheet.tag(sheet.tag(table, 'THead'), 'TR');
  for (const [at, { name, align }] of columns.entries()) {
    const box = boxes(y)[at];
    if (!box) continue;
    if (row) sheet.write(sheet.tag(row, 'TH', 'Column'), name, box, { ...ink, align });
    else sheet.decorate((_, put) => put(name, box, { ...ink, align }));
  }
  const bottom = y + sheet.heightOf('Tax', WIDTH, ink) + GAP;
  rule(sheet, bottom, '#15201b', 1);
  return bottom;
}

function boxes(y: number) {
  let x = LEFT;
  return columns.map(({ share }, at) => {
    const inset = at === 0 ? 0 : 8;
    const box = { x: x + inset, y, width: share * WIDTH - inset };
    x += share * WIDTH;
    return box;
  });
}

function sums(sheet: Sheet, text: InvoiceText, from: number): void {
  const rows = [...text.sums, ...text.payments, text.balance];
  const x = LEFT + WIDTH * 0.36;
  const width = WIDTH * 0.64;
  const valueWidth = 110;
  const table = sheet.tag(sheet.root, 'Table');
  let y = from;
  for (const [at, [name, value]] of rows.entries()) {
    const isTotal = at === text.sums.length - 1;
    const isBalance = at === rows.length - 1;
    const ink: Ink = isBalance ? { size: 13, bold: true } : { bold: isTotal };
    const nameWidth = width - valueWidth - 12;
    const height = sheet.heightOf(name, nameWidth, ink) + 2 * 4;
    const kept = isTotal || isBalance ? height + 40 : height;
    if (y + kept > BOTTOM) {
      sheet.addPage();
      y = PAGE.margin;
    }
    if (isTotal || isBalance) rule(sheet, y, isBalance ? '#15201b' : '#c9cfc9', isBalance ? 1 : 0.5, x);
    const row = sheet.tag(table, 'TR');
    const top = y + (isBalance ? 8 : 4);
    sheet.write(sheet.tag(row, 'TH', 'Row'), name, { x, y: top, width: nameWidth }, ink);
    const valueBox = { x: x + width - valueWidth - 30, y: top, width: valueWidth + 30 };
    sheet.write(sheet.tag(row, 'TD'), value, valueBox, { ...ink, align: 'right' });
    y += height + (isBalance ? 8 : 0);
  }
}

function rule(sheet: Sheet, y: number, colour: string, weight = 0.5, x: number = LEFT): void {
  sheet.decorate((doc) =>
    doc
      .moveTo(x, y)
      .lineTo(LEFT + WIDTH, y)
      .lineWidth(weight)
      .stroke(colour),
  );
}

import type { InvoiceView } from '../invoice-view.js';

/** A page with the headers that it must be sent with. */
export type InvoicePage = Readonly<{ html: string; headers: Readonly<Record<string, string>> }>;

/** Invoices as people read them. Everything on them is in the view. */
export abstract class InvoiceDocuments {
  abstract pdf(invoice: InvoiceView): Promise<Buffer>;
  abstract html(invoice: InvoiceView): InvoicePage;
}

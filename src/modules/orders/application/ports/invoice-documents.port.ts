import type { InvoiceView } from '../invoice-view.js';

/** Invoices as people read them. Everything on them is in the view. */
export abstract class InvoiceDocuments {
  abstract pdf(invoice: InvoiceView): Promise<Buffer>;
  /** A whole page that loads nothing. */
  abstract html(invoice: InvoiceView): string;
}

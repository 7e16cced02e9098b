import { Injectable } from '@nestjs/common';
import type { InvoiceView } from '../application/invoice-view.js';
import { InvoiceDocuments, type InvoicePage } from '../application/ports/invoice-documents.port.js';
import { invoiceHtml } from './documents/invoice.html.js';
import { invoicePdf } from './documents/invoice.pdf.js';

/** Invoices rendered here, each time anew. */
@Injectable()
export class RenderedInvoiceDocuments extends InvoiceDocuments {
  pdf(invoice: InvoiceView): Promise<Buffer> {
    return invoicePdf(invoice);
  }

  html(invoice: InvoiceView): InvoicePage {
    return invoiceHtml(invoice);
  }
}

import { Controller, Get, Headers, Param, Res, StreamableFile } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Scope } from '../../../../shared/infrastructure/http/access.js';
import { Answers, Says } from '../../../../shared/infrastructure/http/answers.js';
import { Caller } from '../../../../shared/infrastructure/http/requests.js';
import { InvoiceDocuments } from '../../application/ports/invoice-documents.port.js';
import { GetInvoice } from '../../application/queries/get-invoice.query.js';
import { preferred } from './accept.js';
import { InvoiceAnswer } from './order.answers.js';
import { Reference } from './order.requests.js';

/** The invoice of an order, for programs, browsers and paper. */
@Controller('v1/orders')
export class InvoiceController {
  constructor(
    private readonly queries: QueryBus,
    private readonly documents: InvoiceDocuments,
  ) {}

  @Get(':id/invoice')
  @Scope('orders:read')
  @Says(
    'The invoice of an order, as of now',
    'JSON, HTML or PDF, as `Accept` asks; JSON where it asks for none.',
  )
  @Answers(200, InvoiceAnswer)
  @Answers(200, z.string(), '', 'text/html')
  @Answers(200, z.string(), '', 'application/pdf')
  async invoice(
    @Caller() caller: Caller,
    @Param('id', { schema: Reference }) id: z.infer<typeof Reference>,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const invoice = await this.queries.execute(new GetInvoice({ store: caller.store(), reference: id }));
    reply.header('vary', 'Accept');
    switch (preferred(accept, ['application/json', 'text/html', 'application/pdf'])) {
      case 'text/html': {
        const { html, headers } = this.documents.html(invoice);
        reply.headers(headers);
        return new StreamableFile(Buffer.from(html), { type: 'text/html; charset=utf-8' });
      }
      case 'application/pdf':
        return new StreamableFile(await this.documents.pdf(invoice), {
          type: 'application/pdf',
          disposition: `inline; filename="invoice-${invoice.number}.pdf"`,
        });
      default:
        return invoice;
    }
  }
}

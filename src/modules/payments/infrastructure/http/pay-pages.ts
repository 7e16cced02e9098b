import { Injectable } from '@nestjs/common';
import { Currency } from '../../../../shared/domain/currency.js';
import { Config } from '../../../../shared/infrastructure/config/config.js';
import { amountsOf } from '../../../orders/index.js';
import { isConnected } from '../../../stores/index.js';
import type { PayPage } from '../../application/queries/get-pay-page.query.js';
import { closedPage } from '../pages/closed.pages.js';
import type { Page } from '../pages/page.js';
import { alreadyPaidPage, paidPage } from '../pages/paid.page.js';
import { payPage } from '../pages/pay.page.js';
import { busyPage, processingPage, unavailablePage } from '../pages/waiting.pages.js';

/** Which page a customer sees, for what their link is good for at this moment. */
@Injectable()
export class PayPages {
  constructor(private readonly config: Config) {}

  now(found: PayPage): Page {
    const { standing } = found;
    switch (standing.kind) {
      case 'payable':
        return isConnected(found.store.status)
          ? this.#pay(found, standing.amount)
          : unavailablePage(named(found));
      case 'paid':
      case 'already_paid':
        return alreadyPaidPage(receipt(found));
      default:
        return closedPage({ ...named(found), why: standing.kind, expires_at: found.link.expiresAt });
    }
  }

  /** The customer is back from the hosted page. */
  afterReturn(found: PayPage): Page {
    const { standing, link } = found;
    if (standing.kind === 'paid') return paidPage(receipt(found));
    const { open } = link;
    if (!open) return this.now(found);
    return processingPage({ ...named(found), currency: link.currency, amount: open.amount });
  }

  /** Pay was pressed, and it cannot be at this moment. */
  notNow(found: PayPage, why: 'busy' | 'unavailable'): Page {
    if (found.standing.kind !== 'payable') return this.now(found);
    return why === 'busy' ? busyPage(named(found)) : unavailablePage(named(found));
  }

  #pay(found: PayPage, amount: number): Page {
    const { order, link } = found;
    const { lines, shipping_amount, total } = order.terms;
    return payPage({
      ...named(found),
      currency: link.currency,
      amount,
      lines,
      shipping_amount,
      total,
      amount_paid: amountsOf(order).netPaid,
      message: link.message,
      expires_at: link.expiresAt,
      invoice_number: order.invoice?.number ?? null,
      notice: null,
      leads_to: this.config.stripeApiUrl,
    });
  }
}

function named({ store, order, link }: PayPage) {
  return { store_name: store.name, livemode: link.livemode, order_number: order.terms.number };
}

/** Of the payment by this very link; where the order was settled another way, of the order as a whole. */
function receipt(found: PayPage) {
  const { order, payment, link } = found;
  const { netPaid, balanceDue } = amountsOf(order);
  const captured = payment?.currency_captured;
  return {
    ...named(found),
    currency: captured && Currency.is(captured) ? captured : link.currency,
    amount: payment?.amount_captured ?? netPaid,
    paid_at: payment?.captured_at ?? found.settledAt,
    card: payment?.card ?? null,
    balance_due: balanceDue,
    payment: payment?.id ?? order.invoice?.number ?? order.terms.number,
  };
}

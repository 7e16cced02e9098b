import type { Address, Metadata, Shipping } from './shared.js';

const unvarying = {
  object: 'customer' as const,
  balance: 0,
  currency: null,
  customer_account: null,
  default_source: null,
  delinquent: false,
  discount: null,
  livemode: false as const,
  next_invoice_sequence: 1,
  preferred_locales: [],
  tax_exempt: 'none' as const,
  test_clock: null,
};

type Contact = Readonly<{
  address: Address | null;
  description: string | null;
  email: string | null;
  name: string | null;
  phone: string | null;
  shipping: Shipping | null;
}>;

export type Customer = Readonly<
  typeof unvarying &
    Contact & {
      id: string;
      created: number;
      invoice_prefix: string;
      invoice_settings: Readonly<{
        custom_fields: null;
        default_payment_method: string | null;
        footer: null;
        rendering_options: null;
      }>;
      metadata: Metadata;
    }
>;

export function newCustomer(
  id: string,
  created: number,
  given: Partial<Contact> & Readonly<{ metadata?: Metadata; default_payment_method?: string }>,
): Customer {
  const { metadata = {}, default_payment_method = null, ...contact } = given;
  return {
    ...unvarying,
    id,
    created,
    address: null,
    description: null,
    email: null,
    name: null,
    phone: null,
    shipping: null,
    ...contact,
    invoice_prefix: id.slice(4, 12).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method, footer: null, rendering_options: null },
    metadata,
  };
}

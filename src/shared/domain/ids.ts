/** Ids are a prefix and a time-ordered UUID (version 7) in hex: `order_0192f3a4…`. Made at the edges, never in a domain. */
export type StoreId = `store_${string}`;
export type OrderId = `order_${string}`;
export type CustomerId = `cust_${string}`;
export type PaymentId = `pay_${string}`;
export type LinkId = `link_${string}`;
export type RefundId = `refund_${string}`;
export type DisputeId = `dispute_${string}`;
export type ExceptionId = `exc_${string}`;
export type ReconciliationId = `recon_${string}`;
export type MailId = `mail_${string}`;
export type ApiKeyId = `key_${string}`;

/** The part after the prefix; with a category before it, the name of the stream: `order-0192f3a4…`. */
export function bareId(id: string): string {
  return id.slice(id.indexOf('_') + 1);
}

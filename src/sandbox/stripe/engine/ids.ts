import { randomBytes } from 'node:crypto';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Prefix and length of what follows it, as Stripe's own ids have them. */
const shapes = {
  account: ['acct_1', 15],
  balance_transaction: ['txn_3', 23],
  charge: ['ch_3', 23],
  checkout_session: ['cs_test_a1', 56],
  confirmation_token: ['ctoken_1', 23],
  customer: ['cus_', 14],
  dispute: ['du_1', 23],
  early_fraud_warning: ['issfr_1', 23],
  event: ['evt_3', 23],
  line_item: ['li_1', 23],
  oauth_code: ['ac_', 32],
  payment_intent: ['pi_3', 23],
  payment_method: ['pm_1', 23],
  payout: ['po_1', 23],
  price: ['price_1', 23],
  product: ['prod_', 14],
  refund: ['re_3', 23],
  refresh_token: ['rt_', 48],
  request: ['req_', 14],
  setup_intent: ['seti_1', 23],
  webhook_endpoint: ['we_1', 23],
  webhook_secret: ['whsec_', 32],
  secret_key: ['sk_test_', 48],
  publishable_key: ['pk_test_', 48],
  fault: ['fault_', 10],
  delivery: ['whd_', 20],
  job: ['job_', 16],
} as const satisfies Record<string, readonly [string, number]>;

export type IdKind = keyof typeof shapes;

/** Ids that look like Stripe's. With a seed, the same ones in the same order. */
export class Ids {
  private readonly bytes: (count: number) => Uint8Array;

  constructor(seed?: number) {
    this.bytes = seed === undefined ? pooledBytes() : seededBytes(seed);
  }

  next(kind: IdKind): string {
    const [prefix, length] = shapes[kind];
    return prefix + this.text(length);
  }

  text(length: number): string {
    let text = '';
    for (const byte of this.bytes(length)) text += letters[byte % letters.length];
    return text;
  }
}

/** Asking the system for a few bytes at a time costs more than everything else about an id. */
function pooledBytes(): (count: number) => Uint8Array {
  let pool = randomBytes(8192);
  let used = 0;
  return (count) => {
    if (used + count > pool.length) {
      pool = randomBytes(8192);
      used = 0;
    }
    used += count;
    return pool.subarray(used - count, used);
  };
}

function seededBytes(seed: number): (count: number) => Uint8Array {
  const random = seededRandom(seed);
  return (count) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256));
}

/** Mulberry32: numbers from 0 to 1, the same ones for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

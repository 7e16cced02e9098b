export type MoneyData = Readonly<{ amount: number; currency: string }>;

/** What moves money of customers. A `return` undoes the one before it: a refund that failed, a dispute that was won. */
export type MovementKind = 'charge' | 'refund' | 'refund_return' | 'dispute' | 'dispute_return';

/** One movement of money at Stripe as our own log has it. Amounts in minor units, negative where money leaves. */
export type Movement = MoneyData &
  Readonly<{
    kind: MovementKind;
    /** Stripe's object behind it: the charge, the refund or the dispute. */
    source: string;
    payment: string;
    order: string;
    /** RFC 3339: when our log learned of it. */
    at: string;
    /** What we believe that Stripe keeps of a charge; null where it is no charge, or is not known. */
    fee: MoneyData | null;
  }>;

/** The same money as Stripe has booked it: one balance transaction. */
export type Booking = MoneyData &
  Readonly<{
    /** `txn_…` */
    id: string;
    /** `payout`: to the merchant's bank. `other`: fees, transfers and whatever else is nobody's payment. */
    kind: MovementKind | 'payout' | 'other';
    /** Stripe's own word for what it is. */
    category: string;
    source: string | null;
    /** The charge that a refund or a dispute is of; a charge is its own. */
    charge: string | null;
    /** The payment of this store that it belongs to; null where it names none and its charge is not one of ours. */
    payment: string | null;
    /** RFC 3339: when Stripe booked it. */
    at: string;
    /** `amount` and `currency` are the customer's; this is what came of them in the account's balance. */
    balance: MoneyData & Readonly<{ fee: number; net: number }>;
  }>;

/** What Stripe sent to the merchant's bank, and the sum of the bookings that it says are in it. */
export type PaidOut = MoneyData &
  Readonly<{
    /** `po_…` */
    id: string;
    at: string;
    /** Net of all bookings in it; null where Stripe does not tell, or not yet. */
    sum: number | null;
  }>;

/** Whatever is known of both books when they are compared. */
export type Books = Readonly<{
  movements: readonly Movement[];
  bookings: readonly Booking[];
  payouts: readonly PaidOut[];
  /** Movements that Stripe knows of and has not booked yet, by `movementKey`. */
  unbooked: ReadonlySet<string>;
}>;

/** What a movement and its booking have in common. */
export function movementKey({ source, kind }: Readonly<{ source: string | null; kind: string }>): string {
  return `${source}|${kind}`;
}

export type MovementBooking = Booking & Readonly<{ kind: MovementKind }>;

export function isMovement(booking: Booking): booking is MovementBooking {
  return booking.kind !== 'payout' && booking.kind !== 'other';
}

/** One movement as both books have it, or as the one has it that has it at all. */
export type Pair = Readonly<{ movement: Movement | null; booking: MovementBooking | null }>;

export type Metadata = Readonly<Record<string, string>>;

export type Address = Readonly<{
  city: string | null;
  country: string | null;
  line1: string | null;
  line2: string | null;
  postal_code: string | null;
  state: string | null;
}>;

export type Shipping = Readonly<{
  address?: Address;
  carrier?: string | null;
  name?: string;
  phone?: string | null;
  tracking_number?: string | null;
}>;

export type BillingDetails = Readonly<{
  address: Address;
  email: string | null;
  name: string | null;
  phone: string | null;
  tax_id: null;
}>;

export const noAddress: Address = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
};

type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };

export function addressOf(given: Given<Record<keyof Address, string>>): Address {
  const { city = null, country = null, line1 = null, line2 = null, postal_code = null, state = null } = given;
  return { city, country, line1, line2, postal_code, state };
}

export function shippingOf(
  given: Readonly<{ address: Parameters<typeof addressOf>[0]; name: string }> &
    Given<Record<'carrier' | 'phone' | 'tracking_number', string>>,
): Shipping {
  const { address, name, carrier = null, phone = null, tracking_number = null } = given;
  return { address: addressOf(address), carrier, name, phone, tracking_number };
}

export const nobody: BillingDetails = {
  address: noAddress,
  email: null,
  name: null,
  phone: null,
  tax_id: null,
};

export type List<T> = Readonly<{ object: 'list'; data: readonly T[]; has_more: boolean; url: string }>;

export function listOf<T>(data: readonly T[], url: string, has_more = false): List<T> {
  return { object: 'list', data, has_more, url };
}

/** What Stripe does with a metadata parameter: keys are merged in, and an empty value takes its key out. */
export function mergeMetadata(before: Metadata, given: Metadata | '' | undefined): Metadata {
  if (given === undefined) return before;
  if (given === '') return {};
  return Object.fromEntries(Object.entries({ ...before, ...given }).filter(([, value]) => value !== ''));
}

const ada = {
  external_id: 'c-7',
  name: 'Ada Lovelace',
  email: 'ada@example.test',
  address: { line1: '12 St James’s Square', city: 'London', postal_code: 'SW1Y 4JH', country: 'GB' },
};
const grace = {
  external_id: 'c-12',
  name: 'Grace Hopper',
  email: 'grace@example.test',
  phone: '+1 202 555 0143',
  address: { line1: '1 Navy Yard', city: 'Washington', state: 'DC', postal_code: '20374', country: 'US' },
};
const zofia = {
  external_id: 'c-19',
  name: 'Zofia Wójcik',
  email: 'zofia@example.test',
  address: { line1: 'ul. Długa 44', city: 'Kraków', postal_code: '31-147', country: 'PL' },
};
const kenji = {
  external_id: 'c-23',
  name: 'Kenji Tanaka',
  email: 'kenji@example.test',
  address: { line1: '3-7-1 Nishi-Shinjuku', city: 'Tokyo', postal_code: '163-1055', country: 'JP' },
};

/** Amounts in minor units: 4000 is 40.00 USD, and 48000 is 48,000 JPY. */
export const demoOrders = [
  {
    external_id: 'SO-1042',
    number: 'SO-1042',
    currency: 'usd',
    customer: ada,
    lines: [
      {
        description: 'Desk lamp',
        sku: 'LMP-1',
        quantity: '2',
        unit_amount: 4000,
        amount: 8000,
        tax_amount: 1600,
      },
    ],
    shipping_amount: 400,
    total: 10000,
    due_date: '2026-12-24',
  },
  {
    external_id: 'SO-1043',
    number: 'SO-1043',
    currency: 'gbp',
    customer: grace,
    lines: [
      {
        description: 'Floor lamp, brass',
        sku: 'LMP-9',
        quantity: '1',
        unit_amount: 18900,
        amount: 18900,
        tax_amount: 3780,
      },
      {
        description: 'LED bulb E27, warm white',
        sku: 'BLB-27',
        quantity: '6',
        unit_amount: 450,
        amount: 2700,
        tax_amount: 540,
      },
    ],
    shipping_amount: 1250,
    total: 27170,
    due_date: '2026-12-15',
  },
  {
    external_id: 'SO-1044',
    number: 'SO-1044',
    currency: 'eur',
    customer: zofia,
    lines: [
      {
        description: 'Pendant light “Aurora”',
        sku: 'PND-3',
        quantity: '3',
        unit_amount: 12900,
        amount: 38700,
        tax_amount: 8901,
      },
      { description: 'Loyalty discount', quantity: '1', unit_amount: -3870, amount: -3870, tax_amount: -890 },
    ],
    shipping_amount: 0,
    total: 42841,
    due_date: '2027-01-10',
  },
  {
    external_id: 'SO-1045',
    number: 'SO-1045',
    currency: 'jpy',
    customer: kenji,
    lines: [
      {
        description: 'Paper lantern, hand-made',
        sku: 'LNT-2',
        quantity: '4',
        unit_amount: 12000,
        amount: 48000,
        tax_amount: 4800,
      },
    ],
    shipping_amount: 1500,
    total: 54300,
  },
  {
    external_id: 'SO-1046',
    number: 'SO-1046',
    currency: 'usd',
    customer: grace,
    lines: [
      {
        description: 'Workshop lighting, planning',
        quantity: '12.5',
        unit_amount: 9500,
        amount: 118750,
        tax_amount: 0,
      },
    ],
    shipping_amount: 0,
    total: 118750,
    due_date: '2026-12-31',
  },
] as const;

import { z } from 'zod';
import {
  created,
  currency,
  email,
  flag,
  integer,
  metadata,
  orUnset,
  paging,
  shipping,
  text,
  url,
} from '../api/params.js';

const CardOptions = z.strictObject({
  moto: flag.optional(),
  request_three_d_secure: z.enum(['automatic', 'challenge', 'any']).optional(),
  setup_future_usage: z.enum(['', 'none', 'off_session', 'on_session']).optional(),
});
const MethodOptions = z.strictObject({ card: CardOptions.optional() });
const OffSession = z.union([flag, z.enum(['one_off', 'recurring']).transform(() => true)]);
const Usage = z.enum(['off_session', 'on_session']);

export const terms = {
  description: text.optional(),
  metadata: metadata.optional(),
  payment_method: text.optional(),
  payment_method_options: MethodOptions.optional(),
  receipt_email: orUnset(email).optional(),
  shipping: orUnset(shipping).optional(),
  statement_descriptor: text.optional(),
  statement_descriptor_suffix: text.optional(),
};
const confirmation = {
  confirmation_token: text.optional(),
  error_on_requires_action: flag.optional(),
  off_session: OffSession.optional(),
  return_url: url.optional(),
  use_stripe_sdk: flag.optional(),
};

export const Create = z.strictObject({
  ...terms,
  ...confirmation,
  amount: integer,
  currency,
  allowed_payment_method_types: z.array(text).optional(),
  automatic_payment_methods: z
    .strictObject({ enabled: flag, allow_redirects: z.enum(['always', 'never']).optional() })
    .optional(),
  capture_method: z.enum(['automatic', 'automatic_async', 'manual']).optional(),
  confirm: flag.optional(),
  confirmation_method: z.enum(['automatic', 'manual']).optional(),
  customer: text.optional(),
  setup_future_usage: Usage.optional(),
});
export const Confirm = z.strictObject({
  ...confirmation,
  capture_method: z.enum(['automatic', 'automatic_async']).optional(),
  payment_method: text.optional(),
  payment_method_options: MethodOptions.optional(),
  receipt_email: orUnset(email).optional(),
  setup_future_usage: orUnset(Usage).optional(),
  shipping: orUnset(shipping).optional(),
});
export const Update = z.strictObject({
  ...terms,
  amount: integer.optional(),
  currency: currency.optional(),
  customer: text.optional(),
  setup_future_usage: orUnset(Usage).optional(),
});
export const Cancel = z.strictObject({
  cancellation_reason: z.enum(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer']).optional(),
});
export const List = z.strictObject({ ...paging, created: created.optional(), customer: text.optional() });

export type Create = z.infer<typeof Create>;
export type Confirm = z.infer<typeof Confirm>;
export type Update = z.infer<typeof Update>;
export type Cancel = z.infer<typeof Cancel>;
/** What may be said about an intent whenever it is spoken of. */
export type Said = Readonly<{ [K in keyof typeof terms]?: z.infer<(typeof terms)[K]> | undefined }>;

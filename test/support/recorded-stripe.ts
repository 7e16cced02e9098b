import type Stripe from 'stripe';

/** One call on the SDK, as `paymentIntents.create` with its parameters before they become a form. */
export type StripeCall = Readonly<{ name: string; args: readonly unknown[] }>;

/** The same client, with a note of everything that is asked of it. */
export function recorded(stripe: Stripe, note: (call: StripeCall) => void, path = ''): Stripe {
  const wrap = (target: object, at: string): object =>
    new Proxy(target, {
      get(owner, property) {
        const value: unknown = Reflect.get(owner, property);
        const name = at === '' ? String(property) : `${at}.${String(property)}`;
        if (typeof value === 'function') {
          return (...args: unknown[]) => {
            note({ name, args });
            return value.apply(owner, args);
          };
        }
        return typeof value === 'object' && value !== null ? wrap(value, name) : value;
      },
    });
  return wrap(stripe, path) as Stripe;
}

/** Makes a noted call, on whichever Stripe. */
export async function repeat(stripe: Stripe, { name, args }: StripeCall): Promise<unknown> {
  const path = name.split('.');
  const method = path.pop() ?? '';
  const owner = path.reduce<unknown>((at, step) => Reflect.get(at as object, step), stripe);
  const call: unknown = Reflect.get(owner as object, method);
  if (typeof call !== 'function') throw new Error(`${name} is no call of the SDK's`);
  return call.apply(owner, args);
}

/** The parameters of a call: behind the ids that stand in its path, before the options of the request. */
export function paramsOf({ args }: StripeCall): Readonly<Record<string, unknown>> {
  const params = args.find((arg) => typeof arg === 'object' && arg !== null && !('idempotencyKey' in arg));
  return (params ?? {}) as Readonly<Record<string, unknown>>;
}

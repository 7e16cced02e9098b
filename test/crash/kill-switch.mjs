/**
 * Loaded before the server (`node --import`). Counts the steps that outlive the process, each append to the log
 * and each call to Stripe, and ends the process by SIGKILL right before or right after the one it is armed for.
 */

import { StripePaymentGateway } from '../../dist/modules/payments/infrastructure/stripe/stripe.payment-gateway.js';
import { StripeRefundGateway } from '../../dist/modules/payments/infrastructure/stripe/stripe.refund-gateway.js';
import { SqliteEventStore } from '../../dist/shared/infrastructure/event-store/sqlite.event-store.js';

/** @type {{ at: number, when: 'before' | 'after' } | null} */
let armed = null;
let counting = false;
let steps = [];

process.on('message', (message) => {
  steps = [];
  counting = true;
  armed = message.at === undefined ? null : message;
  process.send?.({ armed: true });
});

function watch(prototype, method, describe) {
  const original = prototype[method];
  prototype[method] = async function (...args) {
    if (!counting) return original.apply(this, args);
    const step = steps.push(describe(...args)) - 1;
    process.send?.({ step: steps[step] });
    const death = armed?.at === step ? armed : null;
    if (death?.when === 'before') process.kill(process.pid, 'SIGKILL');
    const result = await original.apply(this, args);
    // Unless it was told meanwhile to live.
    if (death?.when === 'after' && death === armed) process.kill(process.pid, 'SIGKILL');
    return result;
  };
}

watch(SqliteEventStore.prototype, 'append', (stream, _expected, events) => {
  const category = stream.slice(0, stream.indexOf('-'));
  return `append ${category}: ${events.map(({ type }) => type).join(', ')}`;
});
for (const call of [
  'createIntent',
  'confirmIntent',
  'findIntent',
  'cancelIntent',
  'openSession',
  'findSession',
  'expireSession',
]) {
  watch(StripePaymentGateway.prototype, call, () => `Stripe: ${call}`);
}
for (const call of ['createRefund', 'refundsOf', 'disputesOf']) {
  watch(StripeRefundGateway.prototype, call, () => `Stripe: ${call}`);
}

import { z } from 'zod';
import { laidOut } from './notification.layout.js';

const Data = z.object({ store_name: z.string() });

/** Only shows that mail to this address arrives. */
export function testNotificationEmail(data: unknown) {
  const { store_name } = Data.parse(data);
  return laidOut({
    fromName: store_name,
    subject: `${store_name}: test notification`,
    paragraphs: [
      `This is a test. Mail about the store ${store_name} arrives at this address.`,
      'You will hear from us when the connection to Stripe breaks, and when a payment needs a person.',
    ],
  });
}

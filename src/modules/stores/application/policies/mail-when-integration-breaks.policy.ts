import { Injectable } from '@nestjs/common';
import { following } from '../../../../shared/application/context.js';
import { Outbox } from '../../../../shared/application/outbox.js';
import type { Policy } from '../../../../shared/application/policy.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { Told } from '../../../../shared/application/projection.js';
import type { IntegrationProblem, StoreEvent } from '../../domain/store.events.js';
import { storeIdOf } from '../store-aggregate.js';
import { StoreDirectory } from '../store-directory.js';

/** The kind of mail that says what broke, since when, and what to do. */
export const integrationError = 'store_integration_error';

const hourMs = 3_600_000;
/**
 * At most one mail in this time, for what may come and go with every call: a stranger can post to the webhook
 * with a wrong signature as often as they like, and a key that lacks one permission works for all other calls.
 */
const atMostEveryMs: Partial<Record<IntegrationProblem, number>> = {
  webhook_secret_wrong: hourMs,
  permission_missing: 24 * hourMs,
};

/** One mail to the store's notification address for each problem that appears. */
@Injectable()
export class MailWhenIntegrationBreaks implements Policy<StoreEvent> {
  readonly name = 'mail-when-integration-breaks';
  readonly reads = ['IntegrationErrorRaised'] as const;

  constructor(
    private readonly directory: StoreDirectory,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
  ) {}

  async on(event: Told<StoreEvent>): Promise<void> {
    if (event.type !== 'IntegrationErrorRaised') return;
    const store = storeIdOf(event.stream);
    const { name, notification_email } = await this.directory.get(store);
    const { kind, detail } = event.data;
    const mail = {
      id: `mail_${this.ids.derive(mailName(event.id, store, kind, event.at))}`,
      kind: integrationError,
      about: store,
      store,
      to: { name, address: notification_email },
      data: { store_name: name, problem: kind, detail, since: event.at },
    } as const;
    await this.outbox.queue(mail, following(event));
  }
}

/** The same name makes the same mail, which goes out once. */
function mailName(event: string, store: string, kind: IntegrationProblem, at: string): string {
  const period = atMostEveryMs[kind];
  if (period === undefined) return `${integrationError}:${event}`;
  return `${integrationError}:${store}:${kind}:${Math.floor(Date.parse(at) / period)}`;
}

import { Injectable } from '@nestjs/common';
import { following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import type { Told } from '../../../../shared/application/projection.js';
import type { ReconciliationEvent } from '../../domain/reconciliation.events.js';
import { Reconciler } from '../processes/reconciler.process.js';
import { reconciliationIdOf } from '../projections/reconciliation-runs.projection.js';

/** A run that was asked for is carried out, also after a crash, and also where Stripe cannot be reached at first. */
@Injectable()
export class ReconcileWhenRequested implements Policy<ReconciliationEvent> {
  readonly name = 'reconcile-when-requested';
  readonly reads = ['ReconciliationRequested'] as const;

  constructor(private readonly reconciler: Reconciler) {}

  async on(event: Told<ReconciliationEvent>): Promise<void> {
    await this.reconciler.carryOut(reconciliationIdOf(event.stream), following(event));
  }
}

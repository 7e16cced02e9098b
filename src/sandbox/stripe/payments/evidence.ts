import { refused } from '../api/errors.js';
import type { Cause, World } from '../engine/world.js';
import type { Dispute, Evidence, EvidenceField } from '../objects/dispute.js';
import { type Metadata, mergeMetadata } from '../objects/shared.js';
import { changeDispute, type DisputeRow, isOpen } from './dispute-outcome.js';

export type Plea = Readonly<{
  evidence: Readonly<Partial<Record<EvidenceField, string>>> | undefined;
  metadata: Metadata | '' | undefined;
  /** Absent: with evidence it goes to the bank at once. */
  submit: boolean | undefined;
}>;

/** What the merchant says about a dispute. @throws ApiError where the bank does not listen any more */
export function plead(world: World, cause: Cause, row: DisputeRow, plea: Plea): DisputeRow {
  const { evidence: said, metadata } = plea;
  const sends = plea.submit ?? said !== undefined;
  if (said !== undefined || sends) checkListening(row.object);
  const changes: Partial<Dispute> = {
    ...(said && withEvidence(row.object, said)),
    ...(metadata !== undefined && { metadata: mergeMetadata(row.object.metadata, metadata) }),
  };
  if (sends) return submit(world, cause, row, changes);
  return Object.keys(changes).length === 0 ? row : changeDispute(world, cause, row, changes);
}

function checkListening(dispute: Dispute): void {
  if (!isOpen(dispute)) throw refused('This dispute is already closed');
  if (dispute.evidence_details.submission_count > 0) {
    throw refused('Evidence has already been submitted for this dispute.');
  }
}

function withEvidence(
  { evidence, evidence_details }: Dispute,
  said: NonNullable<Plea['evidence']>,
): Pick<Dispute, 'evidence' | 'evidence_details'> {
  const given = Object.entries(said).map(([field, text]) => [field, text === '' ? null : text]);
  const after: Evidence = { ...evidence, ...Object.fromEntries(given) };
  const { enhanced_evidence: _, ...fields } = after;
  const has_evidence = Object.values(fields).some((text) => text !== null);
  return { evidence: after, evidence_details: { ...evidence_details, has_evidence } };
}

/** Sends what has been said to the bank, which thinks about it for a while. */
export function submit(
  world: World,
  cause: Cause,
  row: DisputeRow,
  changes: Partial<Dispute> = {},
): DisputeRow {
  const { jobs, clock, settings } = world;
  const { evidence_details = row.object.evidence_details } = changes;
  const under = row.object.status.startsWith('warning_') ? 'warning_under_review' : 'under_review';
  const past_due = evidence_details.due_by !== null && clock.seconds > evidence_details.due_by;
  const sent = { past_due, submission_count: 1, submission_method: 'manual' as const };
  jobs.schedule('decide_dispute', cause.account, row.id, clock.now + settings.disputeDelayMs);
  return changeDispute(world, cause, row, {
    ...changes,
    evidence_details: { ...evidence_details, ...sent },
    status: under,
  });
}

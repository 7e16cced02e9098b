export type JobKind =
  | 'settle_charge'
  | 'make_available'
  | 'pay_out'
  | 'finish_payout'
  | 'expire_session'
  | 'finish_refund'
  | 'refer_refund'
  | 'fail_refund'
  | 'dispute_charge'
  | 'decide_dispute'
  | 'miss_deadline'
  | 'close_inquiry'
  | 'warn_of_fraud'
  | 'forget_old';

/** Something to be done to `subject` at a virtual time, kept with the commit that caused it. */
export type Job = Readonly<{ kind: JobKind; subject: string; at: number }>;

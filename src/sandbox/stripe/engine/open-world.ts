import { addDemoAccounts } from '../accounts/demo-accounts.js';
import { RequestLog } from '../api/request-log.js';
import { FaultRules } from '../faults/rules.js';
import { closeInquiry, decideDispute, disputeCharge, missDeadline } from '../payments/dispute-jobs.js';
import { warnInTime } from '../payments/fraud-warnings.js';
import { finishPayout, makeAvailable, payOut } from '../payments/payouts.js';
import { failRefund, finishRefund, referRefund } from '../payments/refunding.js';
import { expireInTime } from '../payments/sessions.js';
import { settleLater } from '../payments/settlement.js';
import { Dispatcher } from '../webhooks/dispatcher.js';
import { retryProfiles } from '../webhooks/retry-profile.js';
import { Books } from './books.js';
import { VirtualClock } from './clock.js';
import { forgetOld, planForgetting } from './forget-old.js';
import { Ids } from './ids.js';
import { Jobs } from './jobs.js';
import { FileJournal, type Journal, noJournal } from './journal.js';
import type { StripeSandboxOptions } from './options.js';
import { byTime, type World } from './world.js';

export type OpenWorld = Readonly<{
  world: World;
  /** Puts back what is always there, after everything was wiped. */
  restore: () => void;
  close: () => Promise<void>;
}>;

/** Brings back what was, or begins with nothing but the demo accounts. */
export async function openWorld(options: StripeSandboxOptions, baseUrl: () => string): Promise<OpenWorld> {
  const { dataDir, webhookProfile = 'laptop', rates = {}, framedBy = [], seed } = options;
  const { captureDelayMs = 1500, refundDelayMs = 10_000, disputeDelayMs = 5000 } = options;
  const books = new Books(noJournal);
  const journal = await journalOf(dataDir, books);
  books.keepIn(journal);
  const clock = new VirtualClock(books.clockSettings.find('clock')?.object);
  const ids = new Ids(seed);
  const faults = new FaultRules(ids);
  const jobs = new Jobs(books, clock, ids);
  const dispatcher = new Dispatcher(books, clock, faults, retryProfiles[webhookProfile]);
  const settings = { captureDelayMs, refundDelayMs, disputeDelayMs, rates, framedBy };
  const requests = new RequestLog();
  const world: World = { books, clock, ids, jobs, faults, dispatcher, requests, settings, baseUrl };
  const restore = () => {
    addDemoAccounts(world);
    books.commit(() => planForgetting(world));
  };
  restore();
  startJobs(world);
  const close = async () => {
    clock.stop();
    dispatcher.stop();
    await journal.close();
  };
  return { world, restore, close };
}

async function journalOf(dataDir: string | undefined, books: Books): Promise<Journal> {
  if (dataDir === undefined) return noJournal;
  return FileJournal.open(
    dataDir,
    (change) => books.replay(change),
    () => books.snapshot(),
  );
}

function startJobs(world: World): void {
  world.jobs.start({
    settle_charge: (account, id) => settleLater(world, account, id),
    make_available: (account, id) => makeAvailable(world, account, id),
    pay_out: (account, currency) => payOut(world, account, currency),
    finish_payout: (account, id) => finishPayout(world, account, id),
    expire_session: (account, id) => expireInTime(world, account, id),
    finish_refund: (account, id) => finishRefund(world, byTime(account), id),
    refer_refund: (account, id) => referRefund(world, account, id),
    fail_refund: (account, id) => failRefund(world, byTime(account), id),
    dispute_charge: (account, id) => disputeCharge(world, account, id),
    decide_dispute: (account, id) => decideDispute(world, account, id),
    miss_deadline: (account, id) => missDeadline(world, account, id),
    close_inquiry: (account, id) => closeInquiry(world, account, id),
    warn_of_fraud: (account, id) => warnInTime(world, account, id),
    forget_old: () => forgetOld(world),
  });
}

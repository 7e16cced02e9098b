import type { JobKind } from '../objects/job.js';
import type { Books } from './books.js';
import type { VirtualClock } from './clock.js';
import type { Ids } from './ids.js';

type Work = Record<JobKind, (account: string, subject: string) => unknown>;

/** What happens by itself as time passes. Survives restarts; what fell due meanwhile happens at start. */
export class Jobs {
  private work: Work | undefined;

  constructor(
    private readonly books: Books,
    private readonly clock: VirtualClock,
    private readonly ids: Ids,
  ) {}

  start(work: Work): void {
    this.work = work;
    for (const { id, object } of this.books.jobs.all()) this.clock.at(object.at, () => this.run(id));
  }

  schedule(kind: JobKind, account: string, subject: string, at: number): void {
    this.plan(this.ids.next('job'), kind, account, subject, at);
  }

  /** Nothing where the same is planned already, for whatever time. */
  scheduleOnce(kind: JobKind, account: string, subject: string, at: number): void {
    const id = `job_${kind}_${account}_${subject}`;
    if (!this.books.jobs.find(id)) this.plan(id, kind, account, subject, at);
  }

  private plan(id: string, kind: JobKind, account: string, subject: string, at: number): void {
    this.books.jobs.add(account, id, { kind, subject, at }, null);
    this.clock.at(at, () => this.run(id));
  }

  /** A job that was undone with its commit is not there any more. */
  private run(id: string): void {
    this.books.commit(() => {
      const row = this.books.jobs.find(id);
      if (!row) return;
      this.books.jobs.remove(id);
      this.work?.[row.object.kind](row.account, row.object.subject);
    });
  }
}

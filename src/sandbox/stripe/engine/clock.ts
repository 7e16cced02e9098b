import { Heap } from './heap.js';

/** How virtual time relates to real time. `rate` 0 is frozen. */
export type ClockSetting = Readonly<{ virtual: number; real: number; rate: number }>;

type Alarm = Readonly<{ at: number; turn: number; ring: () => void }>;

const longestTimerMs = 2_147_483_647;

/** Time as all of the sandbox sees it, in milliseconds, and what is to happen when. */
export class VirtualClock {
  private setting: ClockSetting;
  private readonly alarms = new Heap<Alarm>((a, b) => a.at < b.at || (a.at === b.at && a.turn < b.turn));
  private turn = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private ringing = false;

  constructor(
    setting: ClockSetting | undefined,
    private readonly realNow: () => number = Date.now,
  ) {
    this.setting = setting ?? { virtual: realNow(), real: realNow(), rate: 1 };
  }

  get now(): number {
    const { virtual, real, rate } = this.setting;
    return virtual + (this.realNow() - real) * rate;
  }

  /** As Stripe writes times. */
  get seconds(): number {
    return Math.floor(this.now / 1000);
  }

  get current(): ClockSetting {
    return { virtual: this.now, real: this.realNow(), rate: this.setting.rate };
  }

  /** Rings once virtual time is there; at once where it has passed, but never before this call returns. */
  at(time: number, ring: () => void): void {
    this.alarms.push({ at: time, turn: this.turn++, ring });
    this.arm();
  }

  setRate(rate: number): void {
    this.setting = { ...this.current, rate };
    this.arm();
  }

  /** Moves time forward; what falls due on the way happens at its own time, in order. */
  advance(milliseconds: number): void {
    const { rate } = this.setting;
    const target = this.now + milliseconds;
    for (let next = this.alarms.first; next && next.at <= target; next = this.alarms.first) {
      this.setting = { virtual: Math.max(next.at, this.now), real: this.realNow(), rate: 0 };
      this.alarms.pop();
      next.ring();
    }
    this.setting = { virtual: target, real: this.realNow(), rate };
    this.arm();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private arm(): void {
    clearTimeout(this.timer);
    const next = this.alarms.first;
    if (this.stopped || this.ringing || !next) return;
    const ahead = next.at - this.now;
    const { rate } = this.setting;
    if (ahead > 0 && rate === 0) return;
    const wait = ahead <= 0 ? 0 : Math.min(Math.ceil(ahead / rate), longestTimerMs);
    this.timer = setTimeout(() => this.ringDue(), wait);
  }

  private ringDue(): void {
    this.ringing = true;
    try {
      for (
        let next = this.alarms.first;
        next && next.at <= this.now && !this.stopped;
        next = this.alarms.first
      ) {
        this.alarms.pop();
        next.ring();
      }
    } finally {
      this.ringing = false;
      this.arm();
    }
  }
}

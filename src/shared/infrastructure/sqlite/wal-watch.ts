import { Gauge, type Registry } from 'prom-client';
import type { Log } from '../logging/log.js';
import { KEPT_BYTES, type WriteAheadLog } from './write-ahead-log.js';

const EVERY_MS = 1_000;
/** Above this somebody is told: it takes a reader that has not let go for long. */
const ALARM_BYTES = 64 * 1024 * 1024;

/** Keeps the files beside the databases small, and says when a reader keeps one from being so. */
export class WalWatch {
  private readonly alarmed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  /** @param files what is watched, by the name that people know it under */
  constructor(
    private readonly files: ReadonlyMap<string, WriteAheadLog>,
    private readonly log: Log,
    registry: Registry,
    private readonly alarmBytes = ALARM_BYTES,
  ) {
    new Gauge({
      name: 'quittance_wal_bytes',
      help: 'Size of the write-ahead log beside each database. It grows while somebody reads one snapshot.',
      labelNames: ['file'],
      registers: [registry],
      collect() {
        for (const [file, { bytes }] of files) this.set({ file }, bytes);
      },
    });
  }

  start(): void {
    this.timer = setInterval(() => this.look(), EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Each way over the line is told of once. */
  look(): void {
    for (const [file, wal] of this.files) {
      if (wal.bytes > KEPT_BYTES) this.empty(file, wal);
      const { bytes } = wal;
      if (bytes <= this.alarmBytes) this.alarmed.delete(file);
      else if (!this.alarmed.has(file)) {
        this.alarmed.add(file);
        this.log.caution('a reader that does not let go makes the write-ahead log grow', { file, bytes });
      }
    }
  }

  private empty(file: string, wal: WriteAheadLog): void {
    try {
      wal.empty();
    } catch (failure) {
      this.log.fault('the write-ahead log could not be emptied', failure, { file });
    }
  }
}

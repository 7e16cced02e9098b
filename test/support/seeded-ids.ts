import { createHash } from 'node:crypto';
import { v5 } from 'uuid';
import { Ids } from '../../src/shared/application/ports/ids.port.js';

/** Ids and secrets that are the same for the same seed, in the same order; as long and as ordered as real ones. */
export class SeededIds extends Ids {
  private count = 0;

  constructor(private readonly seed: string | number = 1) {
    super();
  }

  next(): string {
    const count = this.count++;
    const time = (0x0192f3a40000 + count).toString(16).padStart(12, '0');
    const noise = this.noise(`next ${count}`).toString('hex');
    return `${time}7${noise.slice(0, 3)}8${noise.slice(3, 18)}`;
  }

  derive(name: string): string {
    return v5(name, v5.URL).replaceAll('-', '');
  }

  secret(bytes: number): Buffer {
    const blocks = Math.ceil(bytes / 32);
    const count = this.count++;
    const noise = Array.from({ length: blocks }, (_, block) => this.noise(`secret ${count} ${block}`));
    return Buffer.concat(noise).subarray(0, bytes);
  }

  private noise(name: string): Buffer {
    return createHash('sha256').update(`${this.seed} ${name}`).digest();
  }
}

import { v5 } from 'uuid';
import { Ids } from '../../../src/shared/application/ports/ids.port.js';
import type { Kernel } from '../kernel/kernel.js';

/** Ids of the whole world, told apart by a count: ordered by time, and never the same twice. */
export class SimulatedIds extends Ids {
  private count = 0;

  constructor(private readonly kernel: Kernel) {
    super();
  }

  override next(): string {
    this.count += 1;
    const time = this.kernel.now.toString(16).padStart(12, '0');
    return `${time}7000${this.count.toString(16).padStart(16, '8000000000000000')}`;
  }

  override derive(name: string): string {
    return v5(name, v5.URL).replaceAll('-', '');
  }

  override secret(bytes: number): Buffer {
    return Buffer.alloc(bytes, this.count);
  }
}

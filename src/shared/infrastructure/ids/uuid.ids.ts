import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v5, v7 } from 'uuid';
import { Ids } from '../../application/ports/ids.port.js';

/** Our own name space for derived ids. Changing it would change every one of them. */
const NAMESPACE = 'a4b1f1de-7c0d-5a57-9a35-0f3c1f6f7f10';

/** Ids of the real world: version 7 by the machine's clock and randomness, version 5 by name. */
@Injectable()
export class UuidIds extends Ids {
  next(): string {
    return hex(v7());
  }

  derive(name: string): string {
    return hex(v5(name, NAMESPACE));
  }

  secret(bytes: number): Buffer {
    return randomBytes(bytes);
  }
}

function hex(uuid: string): string {
  return uuid.replaceAll('-', '');
}

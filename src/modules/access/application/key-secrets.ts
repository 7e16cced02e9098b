import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Ids } from '../../../shared/application/ports/ids.port.js';
import type { ApiKeyId } from '../../../shared/domain/ids.js';

const SECRET_BYTES = 32;
const PREFIX_LENGTH = 12;

/** A key's secret and what may be known of it. */
export type KeySecret = Readonly<{ id: ApiKeyId; secret: string; hash: string; prefix: string }>;

/**
 * Secrets of API keys. A key's id follows from its secret, so that a caller's key is found in its own stream, with
 * no table in between that could lag behind a revocation.
 */
@Injectable()
export class KeySecrets {
  constructor(private readonly ids: Ids) {}

  make(livemode: boolean): KeySecret {
    const mode = livemode ? 'live' : 'test';
    return this.of(`qk_${mode}_${this.ids.secret(SECRET_BYTES).toString('base64url')}`);
  }

  of(secret: string): KeySecret {
    const hash = createHash('sha256').update(secret).digest('hex');
    return {
      id: `key_${this.ids.derive(`apikey|${hash}`)}`,
      secret,
      hash,
      prefix: secret.slice(0, PREFIX_LENGTH),
    };
  }
}

/** In constant time. */
export function sameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

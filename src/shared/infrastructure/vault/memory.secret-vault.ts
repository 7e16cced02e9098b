import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecretVault } from '../../application/ports/secret-vault.port.js';

/** Keeps secrets as long as the process lives. */
@Injectable()
export class MemorySecretVault extends SecretVault {
  private readonly secrets = new Map<string, string>();
  private readonly keys = new Map<string, Buffer>();

  async put(name: string, secret: string): Promise<void> {
    this.secrets.set(name, secret);
  }
  async get(name: string): Promise<string | undefined> {
    return this.secrets.get(name);
  }
  async remove(name: string): Promise<void> {
    this.secrets.delete(name);
  }
  async key(name: string): Promise<Buffer> {
    const key = this.keys.get(name) ?? randomBytes(32);
    this.keys.set(name, key);
    return Buffer.from(key);
  }
}

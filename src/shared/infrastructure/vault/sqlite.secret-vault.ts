import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SecretVault } from '../../application/ports/secret-vault.port.js';
import { masterKey } from './master-key.js';

/** What is stored cannot be opened with the master key that is here. */
export class VaultLocked extends Error {
  override readonly name = 'VaultLocked';
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * `keys.db`: each secret sealed by AES-256-GCM under a fresh IV and bound to its name, so that a row moved to
 * another name does not open. What is removed is overwritten. Two processes may share the file.
 */
@Injectable()
export class SqliteSecretVault extends SecretVault implements OnApplicationShutdown {
  private readonly db: DatabaseSync;
  private readonly master: KeyObject;
  private readonly boxOf: StatementSync;

  constructor(folder: string) {
    super();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.master = createSecretKey(masterKey(join(folder, 'master.key')));
    this.db = new DatabaseSync(join(folder, 'keys.db'), { timeout: 5_000 });
    chmodSync(join(folder, 'keys.db'), 0o600);
    this.db.exec(`
      PRAGMA journal_mode = DELETE;
      PRAGMA synchronous = EXTRA;
      PRAGMA secure_delete = ON;
      CREATE TABLE IF NOT EXISTS sealed (name TEXT PRIMARY KEY, box BLOB NOT NULL) STRICT, WITHOUT ROWID;
    `);
    this.boxOf = this.db.prepare('SELECT box FROM sealed WHERE name = ?');
  }

  async put(name: string, secret: string): Promise<void> {
    const put =
      'INSERT INTO sealed (name, box) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET box = excluded.box';
    this.db.prepare(put).run(secretName(name), this.seal(secretName(name), Buffer.from(secret, 'utf8')));
  }

  async get(name: string): Promise<string | undefined> {
    return this.open(secretName(name))?.toString('utf8');
  }

  async remove(name: string): Promise<void> {
    this.db.prepare('DELETE FROM sealed WHERE name = ?').run(secretName(name));
  }

  /** The first of two processes to ask makes the key; both get that one. */
  async key(name: string): Promise<Buffer> {
    const row = keyName(name);
    const made = this.seal(row, randomBytes(32));
    this.db
      .prepare('INSERT INTO sealed (name, box) VALUES (?, ?) ON CONFLICT (name) DO NOTHING')
      .run(row, made);
    const key = this.open(row);
    if (!key) throw new VaultLocked(`the key ${name} was made and is not there`);
    return key;
  }

  onApplicationShutdown(): void {
    if (this.db.isOpen) this.db.close();
  }

  private seal(name: string, plain: Buffer): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.master, iv).setAAD(Buffer.from(name));
    return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  private open(name: string): Buffer | undefined {
    const row = this.boxOf.get(name);
    if (!row) return undefined;
    const box = Buffer.from(row['box'] as Uint8Array);
    try {
      const decipher = createDecipheriv(CIPHER, this.master, box.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(name)).setAuthTag(box.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(box.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch (cause) {
      throw new VaultLocked('a secret does not open: master.key and keys.db do not belong together', {
        cause,
      });
    }
  }
}

const secretName = (name: string) => `secret/${name}`;
const keyName = (name: string) => `key/${name}`;

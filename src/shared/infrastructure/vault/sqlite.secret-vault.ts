import { type KeyObject, randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { SecretVault } from '../../application/ports/secret-vault.port.js';
import { seal, unseal } from './sealed-box.js';
import { openVault } from './vault-file.js';
import { VaultLocked } from './vault-locked.js';

/** `keys.db`: each secret sealed under the master key and bound to its name. Two processes may share the file. */
export class SqliteSecretVault extends SecretVault {
  private readonly db: DatabaseSync;
  private readonly master: KeyObject;
  private readonly boxOf: StatementSync;

  /** @throws VaultLocked where the master key that is there does not open the file */
  constructor(folder: string) {
    super();
    const { db, master } = openVault(folder);
    this.db = db;
    this.master = master;
    this.boxOf = db.prepare('SELECT box FROM sealed WHERE name = ?');
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

  close(): void {
    this.db.close();
  }

  private seal(name: string, plain: Buffer): Buffer {
    return seal(this.master, name, plain);
  }

  private open(name: string): Buffer | undefined {
    const row = this.boxOf.get(name);
    if (!row) return undefined;
    try {
      return unseal(this.master, name, Buffer.from(row['box'] as Uint8Array));
    } catch (cause) {
      throw new VaultLocked('a secret does not open: it is damaged, or keys.db changed under this process', {
        cause,
      });
    }
  }
}

const secretName = (name: string) => `secret/${name}`;
const keyName = (name: string) => `key/${name}`;

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Config } from '../shared/infrastructure/config/config.js';
import { OwnerLock } from '../shared/infrastructure/sqlite/owner-lock.js';
import { SqliteRefused } from '../shared/infrastructure/sqlite/sqlite-file.js';
import { rotateMasterKey } from '../shared/infrastructure/vault/rotate-master-key.js';
import { refuseInWords } from './refuse-in-words.js';

/**
 * Seals every secret of that folder under a fresh master key.
 * @returns how many there are
 * @throws SqliteRefused where a server runs on the folder, or there are no secrets; VaultLocked
 */
export function rotateDataDir(dataDir: string): number {
  const path = join(dataDir, 'keys.db');
  if (!existsSync(path)) throw new SqliteRefused(`there is no ${path}: is DATA_DIR right?`);
  // A server has this lock for as long as it runs, and its old key in memory.
  const lock = OwnerLock.take(join(dataDir, 'log.db'));
  try {
    return rotateMasterKey(dataDir);
  } finally {
    lock.release();
  }
}

/** `npm run rotate-master-key [folder]` */
function main(folder: string | undefined): void {
  const dataDir = folder ?? Config.read().dataDir;
  const secrets = rotateDataDir(dataDir);
  process.stdout.write(
    `${secrets} secrets in ${join(dataDir, 'keys.db')} are sealed under a new master.key.\n` +
      'Back up both anew. What was backed up before needs the old key.\n',
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    main(process.argv[2]);
  } catch (failure) {
    refuseInWords(failure);
  }
}

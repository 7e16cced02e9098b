import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { VaultLocked } from './vault-locked.js';

const BYTES = 32;

/** The key that opens the vault, made at first start and readable by its owner only. */
export const masterKeyIn = (folder: string): string => join(folder, 'master.key');
/** The key that is about to take its place, while secrets are sealed anew. */
export const nextMasterKeyIn = (folder: string): string => join(folder, 'master.key.next');

/** `undefined` where there is none. @throws VaultLocked where the file is no such key */
export function readMasterKey(path: string): KeyObject | undefined {
  try {
    const key = readFileSync(path);
    if (key.length === BYTES) return createSecretKey(key);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  throw new VaultLocked(`${path} is not a master key: it does not hold ${BYTES} bytes`);
}

/** Written aside and then linked into place: no one ever reads half a key, and the first of two makers wins. */
export function makeMasterKey(path: string): KeyObject {
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const file = openSync(aside, 'wx', 0o600);
  try {
    writeSync(file, randomBytes(BYTES));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  keepNames(dirname(path));
  return createSecretKey(readFileSync(path));
}

/** What changes that were cut short have left behind. Nobody else may be about to make a key. */
export function forgetUnusedKeys(folder: string): void {
  const isOurs = /^master\.key\.(next|(next\.)?\d+\.[0-9a-f]{8})$/;
  for (const name of readdirSync(folder)) if (isOurs.test(name)) rmSync(join(folder, name));
}

/** The next key becomes the master key, in one step. */
export function promoteMasterKey(folder: string): void {
  renameSync(nextMasterKeyIn(folder), masterKeyIn(folder));
  keepNames(folder);
}

/** A name survives a power cut only once its folder is on the disk too; Windows does that by itself. */
function keepNames(folder: string): void {
  if (process.platform === 'win32') return;
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

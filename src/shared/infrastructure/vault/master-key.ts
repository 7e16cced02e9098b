import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

const BYTES = 32;

/**
 * The key that opens the vault, made at first start and readable by its owner only. Losing it loses every secret,
 * so it is backed up apart from `keys.db`.
 */
export function masterKey(path: string): Buffer {
  const key = read(path) ?? make(path);
  if (key.length !== BYTES) throw new Error(`${path} is not a master key: it does not hold ${BYTES} bytes`);
  return key;
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written aside and then linked into place: no one ever reads half a key, and the first of two makers wins. */
function make(path: string): Buffer {
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
  return readFileSync(path);
}

import { ReaderAhead } from '../shared/application/reader-status.js';
import { ConfigRefused } from '../shared/infrastructure/config/config.js';
import { SqliteRefused } from '../shared/infrastructure/sqlite/sqlite-file.js';
import { VaultLocked } from '../shared/infrastructure/vault/vault-locked.js';

const PORTS =
  'Another server is there already. Other ports are chosen by PORT, SANDBOX_PORT, INBOX_PORT and INBOX_SMTP_PORT.';

/** Ends a command with a sentence where the operator can do something about it, and with the whole story otherwise. */
export function refuseInWords(failure: unknown): void {
  const error = failure instanceof Error ? failure : new Error(String(failure));
  const isOurs = [ConfigRefused, SqliteRefused, ReaderAhead, VaultLocked].some(
    (kind) => error instanceof kind,
  );
  const isTaken = 'code' in error && error.code === 'EADDRINUSE';
  process.stderr.write(`${isOurs || isTaken ? error.message : error.stack}\n`);
  if (isTaken) process.stderr.write(`${PORTS}\n`);
  process.exit(1);
}

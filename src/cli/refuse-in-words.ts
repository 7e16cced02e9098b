import { ConfigRefused } from '../shared/infrastructure/config/config.js';
import { SqliteRefused } from '../shared/infrastructure/sqlite/sqlite-file.js';

/** Ends a command with a sentence where the operator can do something about it, and with the whole story otherwise. */
export function refuseInWords(failure: unknown): void {
  const isOurs =
    failure instanceof ConfigRefused ||
    failure instanceof SqliteRefused ||
    (failure instanceof Error && 'code' in failure && failure.code === 'EADDRINUSE');
  const error = failure instanceof Error ? failure : new Error(String(failure));
  process.stderr.write(`${isOurs ? error.message : error.stack}\n`);
  process.exit(1);
}

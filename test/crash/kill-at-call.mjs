/**
 * Loaded before a command (`node --import`). Counts every call that changes a file or a database, and ends the process
 * by SIGKILL right before the one that KILL_AT names.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync, StatementSync } from 'node:sqlite';

const killAt = Number(process.env.KILL_AT);
let calls = 0;

function watch(owner, method) {
  const original = owner[method];
  owner[method] = function (...args) {
    if (calls++ === killAt) process.kill(process.pid, 'SIGKILL');
    return original.apply(this, args);
  };
}

for (const method of ['writeSync', 'fsyncSync', 'linkSync', 'renameSync', 'rmSync']) watch(fs, method);
for (const method of ['exec', 'close']) watch(DatabaseSync.prototype, method);
watch(StatementSync.prototype, 'run');
syncBuiltinESMExports();

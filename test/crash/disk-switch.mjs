/**
 * Loaded before the server (`node --import`): its disk can be told to be full or read-only. SQLite itself refuses
 * then, page by page, as on a disk that is: the files may not grow by more than so many pages, or not be written.
 */
import { DatabaseSync } from 'node:sqlite';

const databases = new Set();
const { exec, close } = DatabaseSync.prototype;

DatabaseSync.prototype.exec = function (sql) {
  databases.add(this);
  return exec.call(this, sql);
};
DatabaseSync.prototype.close = function () {
  databases.delete(this);
  return close.call(this);
};

const UNLIMITED = 1_073_741_823;

function set(database, { disk, pages }) {
  const used = Object.values(database.prepare('PRAGMA page_count').get())[0];
  exec.call(database, `PRAGMA max_page_count = ${disk === 'full' ? used + pages : UNLIMITED}`);
  exec.call(database, `PRAGMA query_only = ${disk === 'read-only' ? 1 : 0}`);
}

process.on('message', (message) => {
  for (const database of databases) set(database, message);
  process.send?.({ disk: message.disk });
});
process.channel?.unref();

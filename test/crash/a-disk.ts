import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningApp } from '../support/running-app.js';

/** A way for the disk of a running server to have no room, and to have room again. */
export type Disk = Readonly<{
  name: string;
  /** Comes before the server's own program. */
  launcher: readonly string[];
  nodeArgs: readonly string[];
  fill(app: RunningApp): Promise<void>;
  free(app: RunningApp): Promise<void>;
  /** A folder in which its log can be read. */
  folder(app: RunningApp): string;
}>;

const diskSwitch = join(import.meta.dirname, 'disk-switch.mjs');

async function tell(app: RunningApp, disk: 'full' | 'read-only' | 'well', pages = 0): Promise<void> {
  await app.ask({ disk, pages });
}

const here = ({ dataDir }: RunningApp) => dataDir;
const switched = { launcher: [], nodeArgs: ['--import', diskSwitch], folder: here } as const;

/** SQLite may not take one page more: any machine has this one. @param pages what it may take before */
export const noPagesLeft = (pages = 0): Disk => ({
  name: 'has no page left',
  ...switched,
  fill: (app) => tell(app, 'full', pages),
  free: (app) => tell(app, 'well'),
});

export const readOnly: Disk = {
  name: 'is read-only',
  ...switched,
  fill: (app) => tell(app, 'read-only'),
  free: (app) => tell(app, 'well'),
};

/** The system lets no file grow: a write is an error, not a full disk. */
const noFileGrows: Disk = {
  name: 'lets no file grow',
  launcher: [],
  nodeArgs: [],
  folder: here,
  fill: async (app) => void limit(app, '4096'),
  free: async (app) => void limit(app, 'unlimited'),
};

const limit = ({ pid }: RunningApp, bytes: string) =>
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);

/** A small memory disk that only the server sees, filled to its last byte by a file beside its own. */
const mounted = (unshare: readonly string[]): Disk => {
  const folder = ({ pid, dataDir }: RunningApp) => join(`/proc/${pid}/root`, dataDir);
  const mount = 'mount -t tmpfs -o size=12m,mode=700 tmpfs "$DATA_DIR" && exec "$@"';
  // SQLite opens nothing by that road, so what lies there is read from a copy.
  const copied = (app: RunningApp) => {
    const copy = join(app.dataDir, 'copy');
    mkdirSync(copy, { recursive: true });
    for (const file of ['log.db', 'log.db-wal']) copyFileSync(join(folder(app), file), join(copy, file));
    return copy;
  };
  return {
    name: 'is full to the last byte',
    launcher: [...unshare, 'sh', '-c', mount, 'sh'],
    nodeArgs: [],
    folder: copied,
    fill: async (app) => {
      const filler = join(folder(app), 'filler');
      // It takes what there is and then fails: that is the point.
      for (const size of [1 << 20, 1 << 12]) fillWith(filler, size);
      if (statSync(filler).size < 1 << 20) throw new Error('the disk was full before');
    },
    free: async (app) => rmSync(join(folder(app), 'filler')),
  };
};

function fillWith(path: string, chunk: number): void {
  try {
    for (;;) writeFileSync(path, Buffer.alloc(chunk), { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

const works = ([program = '', ...args]: readonly string[]) => spawnSync(program, args).status === 0;

/** Every full disk that this machine can have; the first of them any machine can. */
export function fullDisks(): readonly Disk[] {
  const ways = [
    ['unshare', '-m'],
    ['unshare', '-Urm'],
  ];
  const unshare = ways.find((way) => works([...way, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']));
  return [
    noPagesLeft(),
    ...(works(['prlimit', '--version']) ? [noFileGrows] : []),
    ...(unshare ? [mounted(unshare)] : []),
  ];
}

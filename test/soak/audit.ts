import { spawn } from 'node:child_process';
import { once } from 'node:events';

type Broken = Readonly<{ name: string; by: readonly string[] }>;

/** What `npm run verify` and `npm run rebuild` say of the data of a server that has stopped. */
export async function auditedByCommands(dataDir: string): Promise<readonly Broken[]> {
  const verified = await run(['dist/cli/verify.cli.js', dataDir]);
  const rebuilt = await run(['dist/cli/rebuild.cli.js', dataDir]);
  const lines = rebuilt.said.split('\n').filter((line) => /^ {2}\S/.test(line));
  const changed = lines.filter((line) => !line.endsWith('as before'));
  const nothing = lines.length === 0 || rebuilt.code !== 0 ? [rebuilt.said] : [];
  return [
    { name: 'the log is intact', by: verified.code === 0 ? [] : [verified.said] },
    { name: 'the read model made anew is the one that was there', by: [...changed, ...nothing] },
  ];
}

async function run(args: readonly string[]): Promise<Readonly<{ code: number; said: string }>> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const [code] = await once(child, 'close');
  return { code: Number(code), said };
}

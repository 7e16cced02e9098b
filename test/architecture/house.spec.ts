import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every file under a folder, as a path from the root with forward slashes. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const json = (file: string) => JSON.parse(read(file));

/** The lines of some files that say something they must not: `src/a.ts:7`. */
function linesWith(pattern: RegExp, files: readonly string[]): readonly string[] {
  return files.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}`] : [])),
  );
}

const src = filesIn('src');
const code = [...src, ...filesIn('test')].filter((file) => file.endsWith('.ts'));
const docs = filesIn('docs').filter((file) => file.endsWith('.md'));
const thisFile = 'test/architecture/house.spec.ts';

describe('the house', () => {
  test('names files after the business, not after nothing in particular', () => {
    const empty = /^(utils?|helpers?|commons?|types?|base|misc|lib)([.-]|$)/;
    const named = code.filter((file) => file.split('/').some((part) => empty.test(part)));
    expect(named).toEqual([]);
  });

  test('has no file above 300 lines in src', () => {
    const long = src.filter((file) => read(file).trimEnd().split('\n').length > 300);
    expect(long).toEqual([]);
  });

  test('postpones nothing in a comment', () => {
    const others = code.filter((file) => file !== thisFile);
    expect(linesWith(/\b(TODO|FIXME|XXX|HACK)\b/, others)).toEqual([]);
  });

  test('asks for time, chance and files only through ports, inside domain and application', () => {
    const pure = src.filter((file) => /\/(domain|application)\//.test(file) && !file.endsWith('.spec.ts'));
    const banned =
      /Date\.now|new Date\(\)|Math\.random|randomUUID|randomBytes|setTimeout|setInterval|setImmediate|process\.(env|hrtime)|performance\.|['"](node:)?(fs|net|http|https|os|child_process)(\/promises)?['"]/;
    expect(linesWith(banned, pure)).toEqual([]);
  });

  test('reads its settings in one place', () => {
    const others = src.filter(
      (file) => !/\.spec\.ts$|^src\/(sandbox|cli)\/|\/config\.ts$/.test(file) && file.endsWith('.ts'),
    );
    expect(linesWith(/process\.env/, others)).toEqual([]);
  });

  test('has no barrel but the front door of each module', () => {
    const barrels = src.filter((file) => basename(file) === 'index.ts');
    expect(barrels.filter((file) => !/^src\/(modules\/[^/]+|sandbox\/[^/]+)\/index\.ts$/.test(file))).toEqual(
      [],
    );
  });

  test('imports with ports that are classes: no injection tokens, no forward references', () => {
    expect(linesWith(/@Inject\(|forwardRef/, src)).toEqual([]);
  });
});

describe.each([
  ['the house', ''],
  ['the mutation tests', 'mutation/'],
])('the dependencies of %s', (_, folder) => {
  const { dependencies, devDependencies, optionalDependencies, overrides } = json(`${folder}package.json`);
  const lock = json(`${folder}package-lock.json`).packages as Record<string, Record<string, unknown>>;

  test('are named by exact versions', () => {
    const all = { ...dependencies, ...devDependencies, ...optionalDependencies, ...overrides };
    const loose = Object.entries<string>(all).filter(
      ([, version]) => !/^(npm:[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  test('are locked without the name of a host', () => {
    expect(Object.entries(lock).filter(([, entry]) => 'resolved' in entry)).toEqual([]);
    expect(read(`${folder}package-lock.json`)).not.toMatch(
      /https?:\/\/(?!github\.com|opencollective\.com)[^"]*\.tgz/,
    );
  });

  test('are locked for every platform', () => {
    const locked = new Set(Object.keys(lock).map((path) => path.replace(/^.*node_modules\//, '')));
    const missing = Object.entries(lock).flatMap(([path, entry]) =>
      Object.keys((entry['optionalDependencies'] ?? {}) as object)
        .filter((name) => !locked.has(name))
        .map((name) => `${name}, wanted by ${path || 'the package itself'}`),
    );
    expect(missing).toEqual([]);
  });

  test('are locked with the hash of what they hold', () => {
    const open = Object.entries(lock).filter(
      ([path, entry]) => path && !entry['link'] && !entry['integrity'],
    );
    expect(open.map(([path]) => path)).toEqual([]);
  });
});

describe('the documents', () => {
  test('have a glossary whose every word points to a file that is there', () => {
    const rows = [...read('docs/glossary.md').matchAll(/^\| \*\*(.+?)\*\* \|.*\| (.+?) \|$/gm)];
    expect(rows.length).toBeGreaterThan(40);
    const lost = rows.flatMap(([, word, files]) =>
      [...(files ?? '').matchAll(/`([^`]+)`/g)]
        .map(([, file]) => file ?? '')
        .filter((file) => !existsSync(join(root, file)))
        .map((file) => `${word}: ${file}`),
    );
    expect(lost).toEqual([]);
    expect(rows.filter(([, , files]) => !/`[^`]+`/.test(files ?? '')).map(([, word]) => word)).toEqual([]);
  });

  test('have a glossary in the order of the alphabet', () => {
    for (const section of read('docs/glossary.md').split('\n## ').slice(1)) {
      const words = [...section.matchAll(/^\| \*\*(.+?)\*\* \|/gm)].map(([, word]) => word ?? '');
      expect(words).toEqual([...words].sort((a, b) => a.localeCompare(b, 'en')));
    }
  });

  test('link only to what is there', () => {
    const lost = ['README.md', ...docs].flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, target]) => join(file, '..', target ?? ''))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${file}: ${target}`),
    );
    expect(lost).toEqual([]);
  });

  test('name only files of ours that are there', () => {
    const named = /`((?:src|test|docs)\/[A-Za-z0-9_./-]+?)`/g;
    const lost = ['README.md', ...docs]
      .filter((file) => !file.startsWith('docs/changelog'))
      .flatMap((file) =>
        [...read(file).matchAll(named)]
          .map(([, path]) => path ?? '')
          .filter((path) => !existsSync(join(root, path)))
          .map((path) => `${file}: ${path}`),
      );
    expect(lost).toEqual([]);
  });

  test('name no machine of ours', () => {
    const texts = [
      'README.md',
      'Dockerfile',
      'docker-compose.yml',
      '.env.example',
      ...docs,
      ...code,
      'knip.json',
    ];
    expect(
      linesWith(
        /\/(work|root|home\/\w+)\//,
        texts.filter((file) => file !== thisFile),
      ),
    ).toEqual([]);
  });

  test('name only scripts that are there', () => {
    const { scripts } = json('package.json');
    const lost = ['README.md', ...docs].flatMap((file) =>
      [...read(file).matchAll(/`npm run ([a-z:-]+)/g)]
        .map(([, script]) => script ?? '')
        .filter((script) => !(script in scripts))
        .map((script) => `${file}: ${script}`),
    );
    expect(lost).toEqual([]);
  });

  test('show every setting in .env.example', () => {
    const named = [...read('.env.example').matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name);
    const known = [...read('docs/reference/config.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(
      ([, name]) => name,
    );
    expect(named.sort()).toEqual(known.sort());
  });

  test('include what stands at the top of the house', () => {
    const top = [
      'package.json',
      'tsconfig.json',
      'nest-cli.json',
      'src',
      'test',
      'docker-compose.yml',
      'docs',
      'README.md',
    ];
    expect(top.filter((name) => !existsSync(join(root, name)))).toEqual([]);
    expect(statSync(join(root, 'src')).isDirectory()).toBe(true);
  });
});

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { planScaffold, type Scaffold } from '../../scripts/connector-scaffold.ts';
import { decideImport } from '../rules/layers.ts';
import { parseSource, root } from '../rules/sources.ts';
import { makeTestFolder } from '../support/test-folder.ts';

const read = (file: string) => {
  const place = path.join(root, file);
  return existsSync(place) ? readFileSync(place, 'utf8') : undefined;
};
const plan = (id: string, exists: (file: string) => boolean = () => false) => planScaffold(id, read, exists);
const problemOf = (scaffold: Scaffold) => (scaffold.kind === 'refuse' ? scaffold.problem : undefined);

test('ids that cannot be folders, names in a database and words in a command are refused', () => {
  for (const id of [
    '',
    'MySis',
    'my_sis',
    '-sis',
    'sis-',
    'my--sis',
    '../sis',
    '1sis',
    'a'.repeat(41),
    'contract',
  ]) {
    expect(problemOf(plan(id)), id).toMatch(/id/);
  }
});

test('what exists is never written over', () => {
  expect(problemOf(plan('my-sis', (file) => file === 'connectors/my-sis'))).toMatch(
    'connectors/my-sis exists already',
  );
  const harness = 'test/connectors/contract/my-sis-harness.ts';
  expect(problemOf(plan('my-sis', (file) => file === harness))).toMatch(`${harness} exists already`);
});

test('a new connector imports contracts only, and nothing of the template is left in it', () => {
  const scaffold = plan('my-sis');
  if (scaffold.kind === 'refuse') throw new Error(scaffold.problem);
  for (const { path: file, text } of scaffold.files) {
    if (file !== 'connectors/index.ts' && !file.endsWith('harnesses.ts'))
      expect(text, file).not.toMatch(/template/i);
    if (!file.startsWith('connectors/') || !file.endsWith('.ts')) continue;
    const targets = parseSource(file, text).imports.map(({ target }) => target);
    const ours = targets.filter((target) => /^(src|contracts|connectors|test|scripts)\//.test(target));
    expect(
      ours.flatMap((target) => decideImport(file, target) ?? []),
      file,
    ).toEqual([]);
    expect(
      ours.every((target) => existsSync(path.join(root, target)) || target.startsWith('connectors/my-sis')),
    ).toBe(true);
  }
});

/** Runs a program in a folder, without stopping the tests beside this one. */
async function run(
  folder: string,
  program: string,
  ...args: string[]
): Promise<{ status: number; output: string }> {
  const command = program === 'node' ? process.execPath : path.join(root, 'node_modules', '.bin', program);
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
  const status = await new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
  return { status, output };
}

test('a new connector passes the compiler, the linter, its own test and the contract suite', {
  timeout: 180_000,
}, async () => {
  const folder = await makeTestFolder();
  for (const part of [
    'src',
    'types',
    'contracts',
    'connectors',
    'test',
    'scripts',
    'package.json',
    'tsconfig.json',
    'biome.json',
    'vitest.config.ts',
  ]) {
    await cp(path.join(root, part), path.join(folder, part), { recursive: true });
  }
  await mkdir(path.join(folder, 'docs'), { recursive: true });
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));

  const made = await run(folder, 'node', 'scripts/connector-new.ts', 'lakeside-sis');
  expect(made, made.output).toMatchObject({ status: 0 });
  expect((await run(folder, 'node', 'scripts/connector-new.ts', 'lakeside-sis')).status).toBe(2);
  const list = await readFile(path.join(folder, 'connectors', 'index.ts'), 'utf8');
  expect(list).toMatch(/import \{ lakesideSis \} from '\.\/lakeside-sis\/index\.ts';/);
  expect(list).toMatch(/= \[[^\]]*\blakesideSis\b/);

  const ours = /lakeside-sis|connectors\/index\.ts|harnesses\.ts/;
  // Of the rest of the program, what these import.
  const include = ['connectors', 'test/connectors/lakeside-sis', 'test/connectors/contract'];
  await writeFile(
    path.join(folder, 'tsconfig.made.json'),
    JSON.stringify({ extends: './tsconfig.json', include }),
  );
  const types = await run(folder, 'tsc', '-p', 'tsconfig.made.json', '--singleThreaded');
  expect(types.output.split('\n').filter((line) => ours.test(line))).toEqual([]);
  const files = made.output.match(/^ {2}\S+\/\S+$/gm)?.map((line) => line.trim()) ?? [];
  expect(files).toHaveLength(11);
  const style = await run(folder, 'biome', 'check', '--vcs-enabled=false', ...files);
  expect(style, style.output).toMatchObject({ status: 0 });
  const tests = await run(
    folder,
    'vitest',
    'run',
    '--project',
    'pure',
    'test/connectors/lakeside-sis',
    'test/connectors/contract',
    '-t',
    'lakeside-sis|a record becomes',
  );
  expect(tests, tests.output).toMatchObject({ status: 0 });
  expect(tests.output).toMatch(/(2[0-9]|[3-9][0-9]) passed/);
});

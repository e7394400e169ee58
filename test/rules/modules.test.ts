import { expect, test } from 'vitest';
import { parseSource, readSources, type Source, type SyntaxNode, walk } from './sources.ts';

const sources = readSources(['src', 'contracts', 'connectors']);
/** What a process, a page or a thread begins with. */
const beginnings = ['src/main.ts', 'src/console/main.tsx', 'src/sync/host/files/inflate-thread.ts'];
const library = sources.filter(({ file }) => !beginnings.includes(file));

function at({ file, text }: Source, { start }: { start: number }): string {
  return `${file}:${text.slice(0, start).split('\n').length}`;
}

/** What may stand at the top level of a module: declarations, whose values are made without doing anything. */
function findWorkAtImport(source: Source): string[] {
  const allowed = /^(Import|Export|Function|Class|Variable)\w*Declaration$|^TS/;
  const offences = source.statements
    .filter((statement) => !allowed.test(statement.type))
    .map((statement) => at(source, statement));
  walk(source.statements, (node) => {
    if (/Function|^Class/.test(node.type)) return false;
    const isMutable = node.type === 'VariableDeclaration' && node.kind !== 'const' && !node.declare;
    if (isMutable || node.type === 'AwaitExpression' || isEffect(source, node))
      offences.push(at(source, node));
    return undefined;
  });
  return offences;
}

function isEffect({ text }: Source, node: SyntaxNode): boolean {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return false;
  const effects =
    /^(readFile|writeFile|readdir|mkdir|spawn|exec|fetch|setInterval|setTimeout|setImmediate|randomUUID|randomBytes|Date\.now|Math\.random|process\.|console\.|performance\.|express|createServer|Router|Pool|pg\.)/;
  return effects.test(text.slice((node.callee as SyntaxNode).start));
}

/** Pools of random bytes: the one kind of module-level state, because ids are made many thousand times a second. */
const randomPools = ['contracts/ids.ts', 'src/platform/http/reference.ts'];

test('nothing is done at import: a module holds declarations and constants', () => {
  const modules = library.filter(({ file }) => !randomPools.includes(file));
  expect(modules.flatMap(findWorkAtImport)).toEqual([]);
});

test('names are exported, never a default', () => {
  const offences = sources.flatMap((source) =>
    source.statements
      .filter((statement) => statement.type === 'ExportDefaultDeclaration')
      .map((statement) => at(source, statement)),
  );
  expect(offences).toEqual([]);
});

test('no file exists only to export others again', () => {
  const isList = new Set(['connectors/index.ts']);
  const offences = sources
    .filter(({ file }) => !isList.has(file))
    .flatMap((source) =>
      source.statements
        .filter((statement) => statement.type === 'ExportAllDeclaration')
        .map((statement) => at(source, statement)),
    );
  expect(offences).toEqual([]);
});

test('only config.ts reads the environment', () => {
  const offences = sources
    .filter(
      ({ file, text }) =>
        file !== 'src/config.ts' && /\bprocess\.env\b|\benv\b.*from 'node:process'/.test(text),
    )
    .map(({ file }) => file);
  expect(offences).toEqual([]);
});

test('only platform/http knows status numbers: no other file turns an error into one', () => {
  const translates =
    /instanceof DomainError[^;]*\.status\(|switch \(\w*(error|kind)\w*(\.kind)?\) \{[^}]*: (return )?[45]\d\d\b/s;
  const offences = sources
    .filter(({ file, text }) => !file.startsWith('src/platform/http') && translates.test(text))
    .map(({ file }) => file);
  expect(offences).toEqual([]);
});

test('features take randomness from node:crypto; guessable numbers only spread retries, in platform', () => {
  const offences = sources
    .filter(({ file, text }) => !/^src\/(platform|demo)\//.test(file) && /\bMath\.random\b/.test(text))
    .map(({ file }) => file);
  expect(offences).toEqual([]);
});

test('the rules notice what they forbid', () => {
  const notice = (text: string) => findWorkAtImport(parseSource('src/x.ts', text)).length;
  expect(notice("import './side-effect.ts'; start();")).toBe(1);
  expect(notice('let count = 0;')).toBe(1);
  expect(notice('export const answer = await ask();')).toBe(1);
  expect(notice("const text = readFileSync('x');")).toBe(1);
  expect(notice('const now = () => Date.now(); export function f() { let x = 1; start(); return x; }')).toBe(
    0,
  );
  expect(notice('export const Row = z.object({ id: z.uuid() });')).toBe(0);
});

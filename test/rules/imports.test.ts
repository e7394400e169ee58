import { expect, test } from 'vitest';
import { decideImport, groupOf } from './layers.ts';
import { parseSource, readSources, type Source } from './sources.ts';

const sources = readSources(['src', 'contracts', 'connectors']);
const program = sources.filter(({ file }) => file.startsWith('src/'));

/** Modules that touch the world outside the process. */
const inputOutput =
  /^(pg|pg-boss|pg-copy-streams|express|undici|node:(fs|net|http|https|http2|dns|tls|child_process|dgram|worker_threads)(\/.*)?)$/;

function findImports(
  from: Source[],
  decide: (file: string, target: string, typeOnly: boolean) => string | undefined,
) {
  return from.flatMap(({ file, imports }) =>
    imports.flatMap(({ target, typeOnly }) => decide(file, target, typeOnly) ?? []),
  );
}

test('folders import only folders before them: main → app → features in order → platform → contracts', () => {
  const isOurs = /^(src|contracts|connectors|test)\//;
  const offences = findImports(sources, (file, target) =>
    isOurs.test(target) ? decideImport(file, target) : undefined,
  );
  expect(offences).toEqual([]);
});

test('every imported file of ours exists and is named with its ending', () => {
  const known = new Set(sources.map(({ file }) => file));
  const offences = findImports(sources, (file, target) =>
    /^(src|contracts|connectors)\//.test(target) && !known.has(target) && !/\.(d\.ts|css)$/.test(target)
      ? `${file}: ${target}`
      : undefined,
  );
  expect(offences).toEqual([]);
});

test('no file imports itself by way of others', () => {
  const edges = new Map(
    sources.map(({ file, imports }) => [
      file,
      imports.filter(({ typeOnly }) => !typeOnly).map(({ target }) => target),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, trail: string[]) => {
    if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
    else if (!done.has(file)) {
      for (const target of edges.get(file) ?? []) visit(target, [...trail, file]);
      done.add(file);
    }
  };
  for (const file of edges.keys()) visit(file, []);
  expect(cycles).toEqual([]);
});

test('connectors import contracts and packages for their protocol, nothing of the platform', () => {
  const connectors = sources.filter(({ file }) => file.startsWith('connectors/'));
  const offences = findImports(connectors, (file, target) =>
    inputOutput.test(target) || target.startsWith('src/') ? `${file}: ${target}` : undefined,
  );
  expect(offences).toEqual([]);
});

test('files of pure rules import no input or output', () => {
  const isRule = /export (async )?function (decide|plan|transition)[A-Z]?\w*\(/;
  const rules = sources.filter(({ file, text }) => isRule.test(text) && !file.startsWith('src/demo/'));
  const offences = findImports(rules, (file, target, typeOnly) =>
    !typeOnly && (inputOutput.test(target) || /^src\/platform\/(db|outbound)\b/.test(target))
      ? `${file}: ${target}`
      : undefined,
  );
  expect(offences).toEqual([]);
});

test('SQL is written in stores only', () => {
  const isStore = /(^|[/-])(store|stores)(\.ts$|\/)/;
  const features = program.filter(
    ({ file }) => !['platform', 'cli', 'demo', 'app', 'main'].includes(groupOf(file)),
  );
  const offences = findImports(features, (file, target, typeOnly) =>
    !typeOnly && /^src\/platform\/sql\//.test(target) && !isStore.test(file) ? file : undefined,
  );
  expect(offences).toEqual([]);
});

test('outbound HTTP passes the guard: nobody else opens connections', () => {
  const clients = /^(undici|node:(http|https|http2|net|tls))$/;
  const offences = findImports(program, (file, target, typeOnly) =>
    !typeOnly && clients.test(target) && !/^src\/(platform|app|demo|main)\b/.test(file)
      ? `${file}: ${target}`
      : undefined,
  );
  expect(offences).toEqual([]);
});

test('the rules notice what they forbid', () => {
  expect(decideImport('src/platform/db.ts', 'src/lti/claims.ts')).toMatch('platform may not import lti');
  expect(decideImport('src/tools/tool.ts', 'src/connections/connection.ts')).toMatch('may not import');
  expect(decideImport('src/lti/launch.ts', 'src/tenants/store.ts')).toMatch('past the front');
  expect(decideImport('src/lti/launch.ts', 'src/config.ts')).toMatch('may not import');
  expect(decideImport('connectors/clever/index.ts', 'src/platform/log.ts')).toMatch('contracts only');
  expect(decideImport('src/lti/launch.ts', 'src/tenants/tenants.ts')).toBeUndefined();
  const { imports } = parseSource(
    'src/lti/a.ts',
    "import type { A } from './b.ts'; import { type B, c } from '../platform/db.ts'; export * from './d.ts';",
  );
  expect(imports).toEqual([
    { target: 'src/lti/b.ts', typeOnly: true },
    { target: 'src/platform/db.ts', typeOnly: false },
    { target: 'src/lti/d.ts', typeOnly: false },
  ]);
});

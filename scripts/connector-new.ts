import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { planScaffold } from './connector-scaffold.ts';

/** `npm run connector:new -- <id>`: a new connector that reads a made-up source, with its tests. */
const [id, ...more] = process.argv.slice(2);
if (id === undefined || more.length > 0) {
  console.error('Give the id of the new connector, and nothing else: npm run connector:new -- my-sis');
  process.exit(2);
}
const root = process.cwd();
const at = (file: string) => path.join(root, file);
const scaffold = planScaffold(
  id,
  (file) => (existsSync(at(file)) ? readFileSync(at(file), 'utf8') : undefined),
  (file) => existsSync(at(file)),
);
if (scaffold.kind === 'refuse') {
  console.error(scaffold.problem);
  process.exit(2);
}
for (const { path: file, text } of scaffold.files) {
  mkdirSync(path.dirname(at(file)), { recursive: true });
  writeFileSync(at(file), text);
}
// Sorts imports and breaks lines, both of which depend on how long the id is.
const files = scaffold.files.map(({ path: file }) => file);
const biome = path.join(root, 'node_modules', '.bin', 'biome');
const formatted = spawnSync(biome, ['check', '--write', '--vcs-enabled=false', ...files], {
  cwd: root,
  encoding: 'utf8',
});
if (formatted.status !== 0) console.error(formatted.stderr);

console.log(`Made:\n${files.map((file) => `  ${file}`).join('\n')}

It works as it is, against a made-up source. Now make it read yours:
  connectors/${id}/settings.ts   what an admin enters
  connectors/${id}/client.ts     calls and pages
  connectors/${id}/map.ts        their names, our columns
  test/connectors/contract/${id}-source.ts   a small stand-in for the source
Then: npx vitest run test/connectors/${id} test/connectors/contract
docs/add-a-connector.md goes through it step by step.`);

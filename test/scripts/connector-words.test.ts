import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'gatehouse-words-'));
afterAll(() => rmSync(folder, { recursive: true }));
const cut = path.join(folder, 'cut.json');
writeFileSync(cut, '{"token": "hunter2"');
const list = path.join(folder, 'list.json');
writeFileSync(list, '[]');

test.each([
  ['connector-record', ['oneroster-rest', '--settings', cut], 'no JSON object'],
  ['connector-record', ['oneroster-rest', '--settings', list], 'no JSON object'],
  ['connector-record', ['oneroster-rest', '--settings', path.join(folder, 'none')], 'cannot be read'],
  ['connector-record', ['oneroster-rest', '--settings', cut, '--pages', 'all'], '--pages is a whole number'],
  ['connector-record', ['oneroster-rest', '--settings', cut, '--page-size', '0'], '--page-size is a whole'],
  ['connector-new', ['one', 'another'], 'and nothing else'],
])('%s %j is refused in words, without what the file holds', (script, words, said) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${script}.ts`, ...words], {
    encoding: 'utf8',
  });
  expect(stderr).toContain(said);
  expect(`${stdout}${stderr}`).not.toMatch(/hunter2|\n {4}at /);
  expect(status).toBe(2);
});

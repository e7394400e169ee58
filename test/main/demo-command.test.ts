import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { demoCommand } from '../../src/main/demo-command.ts';

test.each([
  {},
  { PORT: '3100' },
  { GATEHOUSE_URL: 'http://localhost:3100', PORT: '3100' },
  { GATEHOUSE_URL: 'http://demo.localhost:8080' },
  { GATEHOUSE_DATA: '/srv/hub' },
  { GATEHOUSE_DATA: "/srv/the hub's" },
  { GATEHOUSE_DROP_FOLDER: '/srv/packages' },
])('a command beside the demo has the settings of the demo: %o', (environment) => {
  const demo = readConfig({ environment, demo: true });
  const [settings = '', option] = demoCommand(demo).split('npm run hub -- ');
  const said = execFileSync('sh', ['-c', `exec env -i ${settings} env`], { encoding: 'utf8' });
  const given = Object.fromEntries(
    said
      .trim()
      .split('\n')
      .map((line) => line.split('=')),
  );
  expect([readConfig({ environment: given, demo: true }), option]).toEqual([demo, '--demo']);
});

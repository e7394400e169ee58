import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { demoCommand } from '../../src/main/demo-command.ts';

test.each([{}, { PORT: '3100' }, { GATEHOUSE_DATA: '/srv/hub' }, { GATEHOUSE_DROP_FOLDER: '/srv/packages' }])(
  'a command beside the demo has the settings of the demo: %o',
  (environment) => {
    const demo = readConfig({ environment, demo: true });
    const [settings = '', option] = demoCommand(demo).split('npm run hub -- ');
    const given = Object.fromEntries(
      settings
        .trim()
        .split(' ')
        .map((each) => each.split('=')),
    );
    expect([readConfig({ environment: given, demo: true }), option]).toEqual([demo, '--demo']);
  },
);

import { expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { demoCommand } from '../../src/main/demo-command.ts';

test.each([{}, { PORT: '3100' }, { GATEHOUSE_DATA: '/srv/hub' }, { GATEHOUSE_DROP_FOLDER: '/srv/packages' }])(
  'a command beside the demo has the settings of the demo: %o',
  (environment) => {
    const demo = readConfig({ environment, demo: true });
    const [settings = ''] = demoCommand(demo).split(' npm run hub --');
    const given = Object.fromEntries(settings.split(' ').map((each) => each.split('=')));
    // A command says by its answer what there is to say.
    expect({ ...readConfig({ environment: given }), logLevel: demo.logLevel }).toEqual(demo);
  },
);

import { templateSource } from '../../../scripts/connector-template/connector/index.ts';
import type { Harness } from './harness.ts';
import { startLargeTemplateSource, startTemplateSource } from './template-source.ts';

export const templateHarness: Harness = {
  name: 'template-source',
  connector: templateSource,
  transport: 'pages',
  entity: 'users',
  start: startTemplateSource,
  startLarge: startLargeTemplateSource,
  badSettings: [
    { what: 'a wrong token', change: { token: 'wrong' }, failure: 'settings', code: 'token_refused' },
    {
      what: 'an address inside the network',
      change: { baseUrl: 'https://10.0.0.1/' },
      failure: 'settings',
      code: 'outbound_address_refused',
    },
  ],
  earlierSettings: [{ baseUrl: 'https://sis.example/api', token: 'secret' }],
};

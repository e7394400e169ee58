import { defineConnector } from '../../contracts/connector.ts';
import { entities } from '../../contracts/roster.ts';
import { checkFiles, discoverSchools, readEntity } from './client.ts';
import { settings } from './settings.ts';

/** An institution's own CSV files, with a mapping that its admin has made. */
export const genericCsv = defineConnector({
  id: 'generic-csv',
  version: '1.0.0',
  title: 'CSV files with a mapping',
  settings,
  capabilities: { entities, delta: 'none', deletes: 'absence', packages: true },
  limits: { concurrency: 1, requestsPerSecond: 5, pageSize: 1 },
  check: checkFiles,
  discover: discoverSchools,
  read: readEntity,
});

import { defineConnector } from '../../../contracts/connector.ts';
import { createClient, readPages } from './client.ts';
import { collections } from './map.ts';
import { settings } from './settings.ts';

export const templateSource = defineConnector({
  id: 'template-source',
  version: '0.1.0',
  title: 'Template source',
  settings,
  capabilities: { entities: collections, delta: 'cursor', deletes: 'absence' },
  limits: { concurrency: 2, requestsPerSecond: 5, pageSize: 500 },

  async check(context) {
    const { product, readable } = await createClient(context).getAbout();
    return {
      source: product,
      entities: collections.filter((entity) => readable.includes(entity)),
      warnings: [],
    };
  },

  async discover(context) {
    const schools = [];
    for await (const part of readPages(context, {
      entity: 'orgs',
      mode: 'full',
      state: undefined,
      resumes: false,
    }))
      if (part.kind === 'page') schools.push(...part.rows.filter(({ values }) => values.type === 'school'));
    return {
      schools: schools.map(({ sourcedId, values }) => ({ sourcedId, name: values.name ?? sourcedId })),
    };
  },

  read: readPages,
});

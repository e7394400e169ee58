import type { Connector } from '../../../contracts/connector.ts';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { connectRoster, getRoster, updateRoster } from '../../sync/sync.ts';
import { type Command, changing, programName } from '../command.ts';
import { table } from '../layout.ts';
import { didYouMean } from '../suggest.ts';
import type { Values } from '../values.ts';
import { describeSource, rosterArgument } from './roster.ts';
import { readSource, sourceOptions, takingBack } from './roster-options.ts';
import { describeSettings, readGivenSettings, readSettings, settingOptions } from './roster-settings.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

export const rosterConnectors: Command = {
  name: 'roster connectors',
  about: 'List the kinds of source a roster can come from, with their settings and which are secret',
  examples: ['roster connectors', 'roster connectors --json'],
  async run({ open }) {
    const { hub } = await open();
    const { connectors } = await hub.sync();
    const described = connectors.map((connector) => {
      const { id, version, title, capabilities } = connector;
      return { id, version, title, capabilities, settings: describeSettings(connector) };
    });
    const parts = described.map(({ id, title, settings }) => {
      const rows = settings.map(({ name, type, required, secret, about }) => [
        `  ${name}`,
        type,
        [required ? 'required' : '', secret ? 'secret' : ''].filter((note) => note !== '').join(', ') || '–',
        about,
      ]);
      return `${id}: ${title}\n${table(['  SETTING', 'TYPE', '', 'WHAT IT SAYS'], rows, '  It has no settings.')}`;
    });
    return { json: { connectors: described }, text: parts.join('\n\n') || 'There is no connector.' };
  },
};

export const rosterConnect: Command = {
  name: 'roster connect',
  about: 'Connect a tenant to the source of its roster; nothing is read yet',
  options: {
    ...tenantOption,
    connector: { value: 'id', about: 'The kind of source; roster connectors shows them', required: true },
    vendor: { value: 'id', about: 'The product, where the connector knows its differences' },
    name: { value: 'text', about: 'What people call it', required: true },
    ...settingOptions,
    ...sourceOptions,
    ...changing,
  },
  examples: [
    'roster connect --tenant northfield --connector oneroster-csv --name "SIS export"',
    'roster connect --tenant northfield --connector oneroster-rest --name SIS --set baseUrl=https://sis.example ' +
      '--set clientId=hub --secret-file clientSecret=./secret --zone Europe/Berlin --full-at "30 2 * * *"',
  ],
  async run({ values, io, open }) {
    const source = readSource(values, undefined);
    const given = readGivenSettings(values);
    const { hub, by } = await open();
    const { tenantId, slug } = await getNamedTenant(hub, values);
    const sync = await hub.sync();
    const connector = findConnector(sync.connectors, values.text('connector'), values);
    const settings = await readSettings(connector, given, values, io);
    const vendor = values.optional('vendor');
    const roster = await connectRoster(
      sync,
      tenantId,
      {
        ...source,
        name: values.text('name'),
        connector: connector.id,
        ...(vendor === undefined ? {} : { vendor }),
        settings,
      },
      by,
    );
    const next = ['check', 'run'].map(
      (verb) => `  ${programName} roster ${verb} ${roster.connectionId} --tenant ${slug}`,
    );
    return {
      json: { roster },
      text: `Connected. Nothing was read yet.\n\n${describeSource(roster)}\n\nNext:\n${next.join('\n')}`,
    };
  },
};

export const rosterUpdate: Command = {
  name: 'roster update',
  about: 'Change where a roster comes from; what is not given stays',
  arguments: [rosterArgument],
  options: {
    ...tenantOption,
    name: { value: 'text', about: 'What people call it' },
    ...settingOptions,
    unset: { value: 'name', about: 'A setting that is taken out', multiple: true },
    ...sourceOptions,
    ...takingBack,
    ...changing,
  },
  examples: [
    'roster update 0199c5a4-0000-7000-8000-000000000000 --tenant northfield --threshold removedPercent=5',
    'roster update 0199c5a4-0000-7000-8000-000000000000 --tenant northfield --secret-file clientSecret=./secret',
  ],
  async run({ values, io, open }) {
    const connectionId = values.id<ConnectionId>('roster');
    if (!givesAnything(values)) throw values.nothingGiven();
    const given = readGivenSettings(values);
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const sync = await hub.sync();
    const before = await hub.db.withTenant(tenantId, (tx) => getRoster(tx, connectionId));
    const connector = findConnector(sync.connectors, before.connector, values);
    const unset = Object.fromEntries(values.list('unset').map((name) => [name, null]));
    const settings = { ...unset, ...(await readSettings(connector, given, values, io)) };
    const changes = {
      ...readSource(values, before),
      ...(Object.keys(settings).length === 0 ? {} : { settings }),
    };
    const roster = await updateRoster(sync, tenantId, connectionId, changes, by);
    return { json: { roster }, text: `Changed.\n${describeSource(roster)}` };
  },
};

function givesAnything(values: Values): boolean {
  const options = { ...settingOptions, unset: 0, ...sourceOptions, ...takingBack, name: 0 };
  return Object.keys(options).some(
    (name) =>
      values.optional(name) !== undefined || values.optionalList(name) !== undefined || values.flag(name),
  );
}

/** @throws UsageError with the one that may be meant */
function findConnector(connectors: readonly Connector[], id: string, values: Values): Connector {
  const connector = connectors.find((each) => each.id === id);
  if (connector !== undefined) return connector;
  const ids = connectors.map((each) => each.id);
  const hint = didYouMean(id, ids);
  throw values.wrong('connector', `must be one of: ${ids.join(', ')}${hint === '' ? '' : `.${hint}`}`);
}

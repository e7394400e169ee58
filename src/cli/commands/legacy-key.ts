import type { ConnectionId } from '../../../contracts/ids.ts';
import { getRegistration } from '../../connections/registrations.ts';
import { listLegacyKeys, removeLegacyKey, setLegacyKey } from '../../lti/legacy/keys.ts';
import type { TenantTx } from '../../platform/db.ts';
import { getToolBySlug } from '../../tools/tools.ts';
import { type Command, changing } from '../command.ts';
import { instant, table } from '../layout.ts';
import type { Values } from '../values.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const holderOptions = {
  tool: { value: 'slug', about: 'The tool that knew the school by the key' },
  connection: { value: 'id', about: 'Or the LMS connection that signs with it' },
} as const;

async function getHolder(tx: TenantTx, values: Values) {
  const [slug, connectionId] = [values.optional('tool'), values.optionalId<ConnectionId>('connection')];
  if (slug !== undefined && connectionId === undefined)
    return { holder: 'tool', holderId: (await getToolBySlug(tx, slug)).toolId } as const;
  if (connectionId !== undefined && slug === undefined) {
    await getRegistration(tx, connectionId);
    return { holder: 'connection', holderId: connectionId } as const;
  }
  throw values.wrong('tool', 'or --connection has to be given, and not both');
}

export const legacyKeySet: Command = {
  name: 'legacy-key set',
  about: 'Keep a key of LTI 1.1, so that a tool or an LMS recognises whom it knew before',
  options: {
    ...tenantOption,
    ...holderOptions,
    key: { value: 'text', about: 'The consumer key', required: true },
    'secret-file': { value: 'file', about: 'Holds the shared secret; - is standard input', required: true },
    ...changing,
  },
  examples: ['legacy-key set --tenant northfield --tool quiz --key 179248902 --secret-file ./secret'],
  async run({ values, io, open }) {
    const secret = (await io.readFile(values.text('secret-file'))).replace(/\r?\n$/, '');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const secrets = await hub.secrets();
    const key = await hub.db.withTenant(tenantId, async (tx) =>
      setLegacyKey(
        tx,
        secrets,
        { ...(await getHolder(tx, values)), consumerKey: values.text('key'), secret },
        by,
      ),
    );
    return { json: { key }, text: `The key "${key.consumerKey}" of LTI 1.1 is kept.` };
  },
};

export const legacyKeyRemove: Command = {
  name: 'legacy-key remove',
  about: 'Forget a key of LTI 1.1',
  options: { ...tenantOption, ...holderOptions, ...changing },
  examples: ['legacy-key remove --tenant northfield --tool quiz'],
  async run({ values, open }) {
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const key = await hub.db.withTenant(tenantId, async (tx) =>
      removeLegacyKey(tx, (await getHolder(tx, values)).holderId, by),
    );
    return { json: { key }, text: `The key "${key.consumerKey}" of LTI 1.1 is forgotten.` };
  },
};

export const legacyKeyList: Command = {
  name: 'legacy-key list',
  about: 'List the keys of LTI 1.1 that are kept, without their secrets',
  options: tenantOption,
  examples: ['legacy-key list --tenant northfield'],
  async run({ values, open }) {
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const keys = await hub.db.withTenant(tenantId, listLegacyKeys);
    const rows = keys.map((key) => [
      key.consumerKey,
      key.holder,
      key.holderId,
      instant(key.changedAt.getTime()),
    ]);
    const heading = ['CONSUMER KEY', 'KEPT FOR', 'ID', 'CHANGED'];
    return { json: { keys }, text: table(heading, rows, 'No key of LTI 1.1 is kept.') };
  },
};

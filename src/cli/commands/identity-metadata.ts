import { buffer } from 'node:stream/consumers';
import type { ConnectionId } from '../../../contracts/ids.ts';
import { showMetadata } from '../../api/identities/shown-saml.ts';
import { getMetadata } from '../../sso/identities/trust.ts';
import {
  acceptMetadata,
  giveMetadata,
  type MetadataView,
  refreshMetadata,
} from '../../sso/saml-connections/metadata.ts';
import { type Answer, type Command, changing } from '../command.ts';
import { columns, facts } from '../layout.ts';
import { identityArgument } from './identity.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const example = '0199c5a4-0000-7000-8000-000000000000 --tenant northfield';

export const identityMetadata: Command = {
  name: 'identity metadata',
  about: 'Show the other side’s SAML metadata, and what newer metadata would change',
  arguments: [identityArgument],
  options: tenantOption,
  examples: [`identity metadata ${example}`],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('identity');
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    return tell(await getMetadata(hub, tenantId, connectionId));
  },
};

export const identityMetadataRefresh: Command = {
  name: 'identity metadata-refresh',
  about: 'Ask for the other side’s metadata now; what is in use stays where that fails',
  arguments: [identityArgument],
  options: { ...tenantOption, ...changing },
  examples: [`identity metadata-refresh ${example}`],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('identity');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    return tell(await refreshMetadata(await hub.sso(), tenantId, connectionId, by));
  },
};

export const identityMetadataGive: Command = {
  name: 'identity metadata-give',
  about: 'Hand over the other side’s metadata; a later document waits for somebody to agree',
  arguments: [identityArgument],
  options: {
    ...tenantOption,
    file: { value: 'idp.xml', about: 'The document, as the other side gives it', required: true },
    ...changing,
  },
  examples: [`identity metadata-give ${example} --file idp.xml`],
  async run({ values, io, open }) {
    const connectionId = values.id<ConnectionId>('identity');
    // As they are: the document tells its own encoding, and may be signed.
    const bytes = await buffer(io.readBytes(values.text('file')));
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    return tell(await giveMetadata(await hub.sso(), tenantId, connectionId, bytes, by));
  },
};

export const identityMetadataAccept: Command = {
  name: 'identity metadata-accept',
  about: 'Agree to what newer metadata changes: from now on it is used',
  arguments: [identityArgument],
  options: {
    ...tenantOption,
    difference: { value: 'name', about: 'What is agreed to; identity metadata shows it', required: true },
    ...changing,
  },
  examples: [
    `identity metadata-accept ${example} --difference 4f2c1d0e9a8b7c65 --reason "Announced by mail, fingerprint compared"`,
  ],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('identity');
    const name = values.text('difference');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    return tell(await acceptMetadata(hub, tenantId, connectionId, name, by));
  },
};

function tell(view: MetadataView): Answer {
  const metadata = showMetadata(view);
  const { difference, singleSignOn, singleLogout, ...rest } = metadata;
  const told = facts({
    ...rest,
    signOn: singleSignOn.map(({ binding, location }) => `${location} (${binding})`),
    logout: singleLogout.map(({ binding, location }) => `${location} (${binding})`),
  });
  if (difference === null) return { json: { metadata }, text: told };
  const changes = difference.changes.map(({ kind, before, after, certificate }) => [
    `  ${kind}`,
    certificate === null
      ? `${before.join(', ') || 'none'} → ${after.join(', ') || 'none'}`
      : `${certificate.fingerprint} (${certificate.subject}, until ${certificate.validTo})`,
  ]);
  const waiting = `Newer metadata waits for somebody to agree. It would change:\n${columns(changes)}`;
  const next = `Ask the institution whether it is theirs, then: identity metadata-accept --difference ${difference.name}`;
  return { json: { metadata }, text: `${told}\n\n${waiting}\n\n${next}` };
}

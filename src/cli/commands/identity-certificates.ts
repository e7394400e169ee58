import type { ConnectionId } from '../../../contracts/ids.ts';
import { showCertificate } from '../../api/identities/shown-saml.ts';
import { getIdentity } from '../../sso/identities/identities.ts';
import { getCertificates } from '../../sso/identities/trust.ts';
import { describeNotice, watchOne } from '../../sso/identities/warnings.ts';
import { addCertificate, setCertificateState } from '../../sso/saml-connections/certificates.ts';
import { activateNextKey, addNextKey, removeKey } from '../../sso/saml-connections/keys.ts';
import { type Command, changing } from '../command.ts';
import { facts, table } from '../layout.ts';
import { identityArgument } from './identity.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const example = '0199c5a4-0000-7000-8000-000000000000 --tenant northfield';
const exampleFingerprint = 'a'.repeat(64);

const fingerprintOption = {
  fingerprint: {
    value: 'sha256',
    about: 'Which one, in hexadecimal; identity certificates shows them',
    required: true,
  },
} as const;

type Shown = ReturnType<typeof showCertificate>;

function list(certificates: readonly Shown[], none: string): string {
  const rows = certificates.map((each) => [each.fingerprint, each.state, each.validTo, each.subject]);
  return table(['FINGERPRINT', 'STATE', 'ENDS', 'SUBJECT'], rows, none);
}

export const identityCertificates: Command = {
  name: 'identity certificates',
  about: 'List certificates of a SAML connection: the other side’s, and those of our own keys towards it',
  arguments: [identityArgument],
  options: tenantOption,
  examples: [`identity certificates ${example}`],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('identity');
    const { hub } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const certificates = await getCertificates(hub, tenantId, connectionId);
    const identity = await hub.db.withTenant(tenantId, (tx) => getIdentity(tx, connectionId));
    const { warnings } = await watchOne(await hub.sso(), tenantId, identity);
    const theirs = certificates.theirs.map(showCertificate);
    const ours = certificates.ours.map(showCertificate);
    const text = [
      'Theirs, by which their signatures are known:',
      list(theirs, 'There is none: nobody can sign in. Read their metadata, or add a certificate.'),
      '',
      'Ours, which our metadata shows them:',
      list(ours, 'There is none yet: the first is made when it is needed.'),
      ...warnings.flatMap((each) => ['', `Warning: ${describeNotice(each)}`]),
    ];
    return { json: { theirs, ours, warnings }, text: text.join('\n') };
  },
};

export const identityCertificateAdd: Command = {
  name: 'identity certificate-add',
  about: 'Add a certificate of the other side by hand; beside one that signs, it is next',
  arguments: [identityArgument],
  options: {
    ...tenantOption,
    file: { value: 'cert.pem', about: 'The certificate, in PEM or in base64', required: true },
    ...changing,
  },
  examples: [`identity certificate-add ${example} --file idp.pem --reason "As announced by mail"`],
  async run({ values, io, open }) {
    const connectionId = values.id<ConnectionId>('identity');
    const text = await io.readFile(values.text('file'));
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const certificate = showCertificate(await addCertificate(hub, tenantId, connectionId, text, by));
    return { json: { certificate }, text: facts(certificate) };
  },
};

function certificateChange(verb: 'activate' | 'retire', about: string, why: string): Command {
  const state = verb === 'activate' ? 'active' : 'retired';
  return {
    name: `identity certificate-${verb}`,
    about,
    arguments: [identityArgument],
    options: { ...tenantOption, ...fingerprintOption, ...changing },
    examples: [
      `identity certificate-${verb} ${example} --fingerprint ${exampleFingerprint} --reason "${why}"`,
    ],
    async run({ values, open }) {
      const connectionId = values.id<ConnectionId>('identity');
      const fingerprint = values.fingerprint('fingerprint');
      const { hub, by } = await open();
      const { tenantId } = await getNamedTenant(hub, values);
      const choice = { fingerprint, state } as const;
      const changed = await setCertificateState(hub, tenantId, connectionId, choice, by);
      const certificate = showCertificate(changed);
      return { json: { certificate }, text: facts(certificate) };
    },
  };
}

export const identityCertificateActivate = certificateChange(
  'activate',
  'Let signatures by a certificate count, also by one that was retired',
  'The change is over',
);

export const identityCertificateRetire = certificateChange(
  'retire',
  'Refuse signatures by a certificate from now on, in every copy',
  'The key was lost',
);

export const identityKeyNext: Command = {
  name: 'identity key-next',
  about: 'Begin a change of our key: the next one is shown in our metadata and decrypts already',
  arguments: [identityArgument],
  options: { ...tenantOption, ...changing },
  examples: [`identity key-next ${example}`],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('identity');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const certificate = showCertificate(await addNextKey(await hub.sso(), tenantId, connectionId, by));
    const next = 'Once the other side has read our metadata anew: identity key-activate';
    return { json: { certificate }, text: `${facts(certificate)}\n\n${next}` };
  },
};

export const identityKeyActivate: Command = {
  name: 'identity key-activate',
  about: 'End a change of our key: the next one signs; the one before decrypts until it is removed',
  arguments: [identityArgument],
  options: { ...tenantOption, ...changing },
  examples: [`identity key-activate ${example}`],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('identity');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const certificate = showCertificate(await activateNextKey(hub, tenantId, connectionId, by));
    return { json: { certificate }, text: facts(certificate) };
  },
};

export const identityKeyRemove: Command = {
  name: 'identity key-remove',
  about: 'Take a key of ours away that does not sign, with its private half, for good',
  arguments: [identityArgument],
  options: { ...tenantOption, ...fingerprintOption, ...changing },
  examples: [`identity key-remove ${example} --fingerprint ${exampleFingerprint}`],
  async run({ values, open }) {
    const connectionId = values.id<ConnectionId>('identity');
    const fingerprint = values.fingerprint('fingerprint');
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    await removeKey(hub, tenantId, connectionId, fingerprint, by);
    return { json: { fingerprint }, text: 'The key is gone for good.' };
  },
};

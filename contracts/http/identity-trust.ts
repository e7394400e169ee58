import { z } from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { identityParams } from './identity-fields.ts';
import { instant, reasonBody, reasonText } from './values.ts';

const identityPath = '/api/v1/tenants/{slug}/identities/{connectionId}';

export const certificateFields = z
  .object({
    fingerprint: z.string().describe('SHA-256, in lower-case hexadecimal'),
    state: z.enum(['next', 'active', 'retired']).describe('A signature by a retired one is refused'),
    subject: z.string(),
    validFrom: instant,
    validTo: instant,
  })
  .meta({ id: 'Certificate' });

const address = z.object({ binding: z.string(), location: z.string() });

export const metadataFields = z
  .object({
    entityId: z.string(),
    displayName: z.string().nullable(),
    singleSignOn: z.array(address),
    singleLogout: z.array(address),
    wantsSignedRequests: z.boolean(),
    scopes: z.array(z.string()).nullable().describe('Domains it may speak for'),
    patternScopes: z.array(z.string()).describe('Patterns of domains, which are not followed'),
    fetchedAt: instant.describe('When it was read last, whatever it led to'),
    validUntil: instant.nullable(),
    refreshAt: instant.nullable().describe('When it is asked for again; null: it is given by hand'),
    failure: z.string().nullable().describe('Stable code of the last try, where it failed'),
    difference: z
      .object({
        name: z.string().describe('What is agreed to'),
        changes: z.array(
          z.object({
            kind: z.string(),
            before: z.array(z.string()),
            after: z.array(z.string()),
            certificate: z
              .object({ fingerprint: z.string(), subject: z.string(), validTo: instant })
              .nullable(),
          }),
        ),
      })
      .nullable()
      .describe('What newer metadata would change: it waits for somebody to agree'),
  })
  .meta({ id: 'IdentityMetadata' });

const trust = {
  404: ['identity_unknown'],
  400: ['json_malformed', 'identity_protocol'],
} as const;
/** Of what changes whom a connection trusts: where admins come to the console by it, that takes the rights of one. */
const trusting = { ...trust, 403: ['scope_beyond_own'] } as const;
const params = identityParams;
const fingerprintParams = identityParams.extend({
  fingerprint: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/)
    .describe('SHA-256 of the certificate, in hexadecimal'),
});
const oneCertificate = (status: 200 | 201, about: string) =>
  ({ kind: 'json', status, about, schema: z.object({ certificate: certificateFields }) }) as const;
const metadataReply = {
  kind: 'json',
  status: 200,
  about: 'The metadata in use, and what waits for somebody to agree',
  schema: z.object({ metadata: metadataFields }),
} as const;
const unreadable = [
  ...['certificate_unreadable', 'certificate_weak', 'metadata_entity', 'metadata_expired'],
  ...['metadata_incomplete', 'metadata_signature', 'metadata_unreadable'],
];

export const listCertificates = defineEndpoint({
  method: 'get',
  path: `${identityPath}/certificates`,
  summary: 'Certificates of a SAML connection: the other side’s, and those of the hub’s own keys towards it',
  scope: 'identities:read',
  params,
  reply: {
    kind: 'json',
    status: 200,
    about: 'Those that count, those that come next, and those that are retired',
    schema: z.object({ theirs: z.array(certificateFields), ours: z.array(certificateFields) }),
  },
  refusals: trust,
});

export const addCertificate = defineEndpoint({
  method: 'post',
  path: `${identityPath}/certificates`,
  summary: 'Add a certificate of the other side; beside one that signs, it is next',
  scope: 'identities:write',
  params,
  body: {
    kind: 'json',
    schema: reasonBody.extend({ certificate: z.string().max(20_000).describe('In PEM or in base64') }),
  },
  reply: oneCertificate(201, 'Signatures by it count from now on'),
  refusals: {
    ...trusting,
    400: [...trust[400], 'certificate_unreadable', 'certificate_weak'],
    409: ['certificate_known'],
  },
});

const certificateChange = (verb: 'activate' | 'retire', summary: string) =>
  defineEndpoint({
    method: 'post',
    path: `${identityPath}/certificates/{fingerprint}/${verb}`,
    summary,
    scope: 'identities:write',
    params: fingerprintParams,
    body: { kind: 'json', schema: reasonBody },
    reply: oneCertificate(200, 'As it stands now, in every copy'),
    refusals: { ...trusting, 404: [...trust[404], 'certificate_unknown'] },
  });

export const activateCertificate = certificateChange(
  'activate',
  'Let signatures by a certificate count, also by one that was retired',
);
export const retireCertificate = certificateChange(
  'retire',
  'Refuse signatures by a certificate from now on',
);

export const showMetadata = defineEndpoint({
  method: 'get',
  path: `${identityPath}/metadata`,
  summary: 'The other side’s SAML metadata, and what newer metadata would change',
  scope: 'identities:read',
  params,
  reply: metadataReply,
  refusals: { ...trust, 404: [...trust[404], 'metadata_missing'] },
});

export const refreshMetadata = defineEndpoint({
  method: 'post',
  path: `${identityPath}/metadata/refresh`,
  summary: 'Ask for the other side’s metadata now; what is in use stays where that fails',
  scope: 'identities:write',
  params,
  body: { kind: 'json', schema: reasonBody },
  reply: metadataReply,
  refusals: {
    ...trusting,
    400: [...trust[400], ...unreadable],
    409: ['metadata_not_fetched', 'identity_changed'],
    502: ['metadata_unavailable'],
  },
});

export const giveMetadata = defineEndpoint({
  method: 'put',
  path: `${identityPath}/metadata`,
  summary: 'Hand over the other side’s metadata; a later document waits for somebody to agree',
  scope: 'identities:write',
  params,
  body: {
    kind: 'stream',
    mediaTypes: ['application/samlmetadata+xml', 'application/xml', 'text/xml'],
    about: 'The document itself, 4 MiB at most',
  },
  reply: metadataReply,
  refusals: {
    ...trusting,
    400: ['identity_protocol', 'body_incomplete', ...unreadable],
    409: ['metadata_not_given', 'identity_changed'],
    413: ['body_too_large'],
    415: ['unsupported_media_type'],
  },
});

export const acceptMetadata = defineEndpoint({
  method: 'post',
  path: `${identityPath}/metadata/accept`,
  summary: 'Agree to what newer metadata changes: from now on it is used',
  scope: 'identities:write',
  params,
  body: {
    kind: 'json',
    schema: reasonBody.extend({ difference: z.string().min(1).max(100).describe('Its name, as shown') }),
  },
  reply: metadataReply,
  refusals: { ...trusting, 409: ['metadata_difference_gone'] },
});

export const addNextKey = defineEndpoint({
  method: 'post',
  path: `${identityPath}/keys`,
  summary: 'Begin a change of our key: the next one is shown in our metadata and decrypts already',
  scope: 'identities:write',
  params,
  body: { kind: 'json', schema: reasonBody },
  reply: oneCertificate(201, 'The other side reads our metadata before the key is activated'),
  refusals: { ...trust, 409: ['key_next_exists'] },
});

export const activateNextKey = defineEndpoint({
  method: 'post',
  path: `${identityPath}/keys/activate`,
  summary: 'End a change of our key: the next one signs, the one before decrypts until it is removed',
  scope: 'identities:write',
  params,
  body: { kind: 'json', schema: reasonBody },
  reply: oneCertificate(200, 'It signs from now on, in every copy'),
  refusals: { ...trust, 409: ['key_next_missing'] },
});

export const removeKey = defineEndpoint({
  method: 'delete',
  path: `${identityPath}/keys/{fingerprint}`,
  summary: 'Take a key of ours away that does not sign, with its private half',
  scope: 'identities:write',
  params: fingerprintParams,
  query: z.object({ reason: reasonText }),
  reply: {
    kind: 'json',
    status: 200,
    about: 'It is gone for good',
    schema: z.object({ fingerprint: z.string() }),
  },
  refusals: {
    400: ['identity_protocol'],
    404: [...trust[404], 'key_unknown'],
    409: ['key_signs'],
  },
});

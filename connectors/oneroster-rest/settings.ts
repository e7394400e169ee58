import { z } from 'zod';
import { ConnectorError, secret } from '../../contracts/connector.ts';
import { type Vendor, vendorIds, vendorOf } from './vendors.ts';

export const settings = z.object({
  vendor: z.enum(vendorIds).default('generic').meta({ title: 'Product' }),
  baseUrl: z.url({ protocol: /^https?$/ }).meta({
    title: 'Address',
    description: 'As the product shows it, with or without /ims/oneroster and what follows.',
  }),
  version: z.enum(['1.1', '1.2']).default('1.2').meta({ title: 'OneRoster version' }),
  auth: z.enum(['oauth2', 'oauth1-sha256', 'oauth1-sha1', 'token']).default('oauth2').meta({
    title: 'Sign-in',
    description:
      'oauth2: client credentials; oauth1: signed calls of 1.1; token: an access token that does not end.',
  }),
  clientId: z.string().max(1_000).default('').meta({ title: 'Client id or consumer key' }),
  clientSecret: secret(z.string().min(1).max(10_000)).meta({ title: 'Client secret, or the access token' }),
  tokenUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({ title: 'Token address (oauth2)' }),
  scopes: z
    .string()
    .max(5_000)
    .optional()
    .meta({ title: 'Scopes', description: 'Only where the product wants others than the specification’s.' }),
  partnerKey: secret(z.string().max(1_000))
    .optional()
    .meta({ title: 'Partner key (Infinite Campus gradebook)', description: 'key:secret' }),
  overlapMinutes: z.number().int().min(0).max(10_080).default(5).meta({
    title: 'Overlap in minutes',
    description: 'How far a run for changes reaches back before the last one.',
  }),
  pageSize: z.number().int().min(1).max(50_000).optional().meta({ title: 'Rows per call' }),
});
export type Settings = z.output<typeof settings>;

/** Services of OneRoster 1.2 that are read; in 1.1 they are one. */
export type Service = 'rostering' | 'gradebook';

/** What follows from the settings, once. */
export interface Access {
  readonly vendor: Vendor;
  readonly version: Settings['version'];
  readonly pageSize: number;
  readonly tokenUrl: string | undefined;
  /** Where a collection lies. */
  url(service: Service, collection: string): string;
}

/**
 * Works out where the source is.
 *
 * @throws ConnectorError `settings`
 */
export function readAccess(given: Settings): Access {
  const vendor = vendorOf(given.vendor);
  const { version } = given;
  const address = new URL(given.baseUrl);
  address.search = '';
  address.hash = '';
  const [, root = '', below = ''] =
    /^(.*?)(\/ims\/oneroster(?:\/.*)?)?$/.exec(address.href.replace(/\/+$/, '')) ?? [];
  const named = /\/v1p(\d)(\/|$)/.exec(below)?.[1];
  if (named !== undefined && version !== `1.${named}`) {
    throw mistake(
      'version_mismatch',
      `The address is of OneRoster 1.${named}. Choose that version, or correct it.`,
    );
  }
  if (version === '1.2' && given.auth.startsWith('oauth1')) {
    throw mistake('auth_mismatch', 'OneRoster 1.2 knows OAuth 2 only. Choose oauth2, or version 1.1.');
  }
  const known = vendor.tokenPath === undefined ? vendor.tokenUrl : `${root}${vendor.tokenPath}`;
  const tokenUrl = given.tokenUrl ?? known;
  if (given.auth === 'oauth2' && tokenUrl === undefined) {
    throw mistake(
      'token_url_missing',
      'Enter the token address that the product shows next to the credentials.',
    );
  }
  if (given.auth !== 'token' && given.clientId === '') {
    throw mistake('client_id_missing', 'Enter the client id (or consumer key) that the product has made.');
  }
  return {
    vendor,
    version,
    pageSize: given.pageSize ?? vendor.pageSize,
    tokenUrl: given.auth === 'oauth2' ? tokenUrl : undefined,
    // 1.1, endpoints; 1.2 REST bindings, endpoints.
    url: (service, collection) =>
      version === '1.1'
        ? `${root}/ims/oneroster/v1p1/${collection}`
        : `${root}/ims/oneroster/${service}/v1p2/${collection}`,
  };
}

function mistake(code: string, message: string): ConnectorError {
  return new ConnectorError('settings', code, message);
}

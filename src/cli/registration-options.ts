import {
  authorizeMethods,
  type RegistrationChanges,
  registrationStates,
} from '../connections/registration.ts';
import { defined } from '../platform/defined.ts';
import type { CliIo, OptionSpec } from './command.ts';
import { readKeySet } from './key-set-file.ts';
import type { Values } from './values.ts';

const yesNo = ['yes', 'no'] as const;
const mismatches = ['warn', 'refuse'] as const;

/** What can be said of an LMS registration, when it is made and later. */
export const registrationOptions = {
  issuer: { value: 'text', about: 'The LMS’s issuer, exactly as it spells it' },
  'authorize-url': { value: 'url', about: 'Its OpenID Connect authorization endpoint' },
  'authorize-method': {
    value: 'method',
    about: 'How that is called; GET by default',
    choices: authorizeMethods,
  },
  'token-url': { value: 'url', about: 'Its OAuth token endpoint, for services' },
  'token-audience': { value: 'text', about: 'The audience it wants there, where that is not the token URL' },
  'jwks-url': { value: 'url', about: 'Where it publishes its keys' },
  'jwks-file': { value: 'file', about: 'Or a file with its key set, where it publishes none' },
  'allow-anonymous': {
    value: 'yes|no',
    about: 'Accept launches without a person; no by default',
    choices: yesNo,
  },
  'require-browser-proof': {
    value: 'yes|no',
    about: 'Refuse a launch whose browser is not proven; yes by default',
    choices: yesNo,
  },
  'target-mismatch': {
    value: 'what',
    about: 'When the target changes under way; warn by default',
    choices: mismatches,
  },
  'iat-window': { value: 'seconds', about: 'How old its tokens may be; 300 by default' },
  'clock-skew': { value: 'seconds', about: 'How far its clock may be off; 60 by default' },
  'frame-ancestor': {
    value: 'source',
    about: 'Pages that may frame a launch; https: by default',
    multiple: true,
  },
  'trusted-audience': { value: 'text', about: 'An audience accepted beside our client ID', multiple: true },
  domain: {
    value: 'name',
    about: 'A verified domain of the school’s own, under which the LMS knows the hub',
  },
  'grades-per-second': { value: 'number', about: 'Scores sent a second at most; by LMS family if not given' },
} as const satisfies Record<string, OptionSpec>;

/** For a registration that exists. */
export const registrationChangeOptions = {
  'client-id': { value: 'text', about: 'Our client ID at the LMS' },
  ...registrationOptions,
  'no-domain': { about: 'The LMS knows the hub under its own address again' },
  status: { value: 'status', about: 'Switch it on again, or off', choices: registrationStates },
} as const satisfies Record<string, OptionSpec>;

/** What was given of a registration, and nothing else. */
export async function readRegistration(values: Values, io: CliIo): Promise<RegistrationChanges> {
  const settings = defined({
    allowAnonymous: values.optionalYesNo('allow-anonymous'),
    requireBrowserProof: values.optionalYesNo('require-browser-proof'),
    targetMismatch: values.optionalChoice('target-mismatch', mismatches),
    iatWindowSeconds: values.optionalNumber('iat-window'),
    clockSkewSeconds: values.optionalNumber('clock-skew'),
    frameAncestors: values.optionalList('frame-ancestor'),
    trustedAudiences: values.optionalList('trusted-audience'),
    domain: readDomain(values),
    gradesPerSecond: values.optionalNumber('grades-per-second'),
  });
  return defined({
    issuer: values.optional('issuer'),
    clientId: values.optional('client-id'),
    authorizeUrl: values.optional('authorize-url'),
    authorizeMethod: values.optionalChoice('authorize-method', authorizeMethods),
    tokenUrl: values.optional('token-url'),
    tokenAudience: values.optional('token-audience'),
    jwksUrl: values.optional('jwks-url'),
    jwks: await readKeySet(values, io),
    status: values.optionalChoice('status', registrationStates),
    settings: Object.keys(settings).length === 0 ? undefined : settings,
  });
}

function readDomain(values: Values): string | null | undefined {
  const domain = values.optional('domain');
  if (!values.flag('no-domain')) return domain;
  if (domain === undefined) return null;
  throw values.wrong('no-domain', 'and --domain exclude each other');
}

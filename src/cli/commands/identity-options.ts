import { portalRoles } from '../../../contracts/sso.ts';
import { defined } from '../../platform/defined.ts';
import type { IdentityChanges } from '../../sso/identities/identity.ts';
import type { CliIo, OptionSpec } from '../command.ts';
import { didYouMean } from '../suggest.ts';
import type { Values } from '../values.ts';
import { settingOptions } from './roster-settings.ts';

/** The command that shows which settings a protocol has. */
export const listedBy = 'identity protocols';

/** The options by which settings are given. Words of a command line can be read by others: secrets stand in files. */
export const identitySettingOptions = {
  settings: {
    value: 'file.json',
    about: `A file with a JSON object of settings, secrets among them; - is standard input. ${listedBy} shows them`,
  },
  ...settingOptions,
  set: { ...settingOptions.set, about: 'A setting; it counts more than the file' },
} as const satisfies Record<string, OptionSpec>;

/** What can be said of a connection beside its settings. */
export const identityOptions = {
  'allows-new': {
    value: 'yes|no',
    about: 'Whom the roster does not know is given a person without a role; no by default',
    choices: ['yes', 'no'],
  },
  'match-attribute': {
    value: 'name',
    about: 'The attribute that names the same person as the field of people match-rule',
  },
  role: {
    value: 'group=role',
    about: `Members of a group have a role, the first that fits: ${portalRoles.join(', ')}; * is everybody`,
    multiple: true,
  },
  domain: {
    value: 'domain',
    about: 'A domain of e-mail addresses by which people are led here',
    multiple: true,
  },
  'sessions-per-person': {
    value: 'count',
    about:
      'Sessions of one account at once, 1 to 500; the newest count. 40 by default: a class may share one',
  },
} as const satisfies Record<string, OptionSpec>;

/** What only a change can say: it takes back. */
export const identityTakingBack = {
  'no-match-attribute': { about: 'Match nobody by an attribute: only known links sign in' },
  'no-roles': { about: 'Take no role from groups' },
  'no-domains': { about: 'Lead nobody here by e-mail address' },
} as const satisfies Record<string, OptionSpec>;

/** What was given of a connection, and nothing else. @throws UsageError for what cannot be meant */
export function readIdentity(values: Values) {
  const changes = {
    allowsNew: values.optionalYesNo('allows-new'),
    matchAttribute: takenBack(values, 'match-attribute', 'no-match-attribute', null),
    roleRules: values.flag('no-roles') ? excluding(values, 'no-roles', 'role') : readRoles(values),
    domains: values.flag('no-domains')
      ? excluding(values, 'no-domains', 'domain')
      : values.optionalList('domain'),
    sessionsPerPerson: values.optionalNumber('sessions-per-person'),
  } satisfies IdentityChanges;
  return defined(changes);
}

function takenBack(values: Values, option: string, flag: string, empty: null): string | null | undefined {
  const value = values.optional(option);
  if (!values.flag(flag)) return value;
  if (value === undefined) return empty;
  throw values.wrong(flag, `and --${option} exclude each other`);
}

/** An empty list, unless something was given all the same. */
function excluding(values: Values, flag: string, option: string): [] {
  if (values.optionalList(option) === undefined) return [];
  throw values.wrong(flag, `and --${option} exclude each other`);
}

/** Names of groups hold `=` themselves, so the last one counts. */
function readRoles(values: Values): IdentityChanges['roleRules'] {
  return values.optionalList('role')?.map((text) => {
    const at = text.lastIndexOf('=');
    if (at < 1) throw values.wrong('role', 'must have the form group=role');
    const word = text.slice(at + 1);
    const role = portalRoles.find((each) => each === word);
    if (role !== undefined) return { group: text.slice(0, at), role };
    const hint = didYouMean(word, portalRoles);
    throw values.wrong(
      'role',
      `must end with one of: ${portalRoles.join(', ')}${hint === '' ? '' : `.${hint}`}`,
    );
  });
}

/** The settings of the file that is named. @throws UsageError where it holds no JSON object */
export async function readSettingsFile(values: Values, io: CliIo): Promise<Record<string, unknown>> {
  const path = values.optional('settings');
  if (path === undefined) return {};
  const text = await io.readFile(path);
  const parsed = parse(text);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
    return parsed as Record<string, unknown>;
  }
  throw values.wrong(
    'settings',
    'must name a file with a JSON object, such as {"name": "ad.school.example"}',
  );
}

/** Nothing of a file that may hold secrets is told. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

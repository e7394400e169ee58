import { type Connector, secretNames, settingsSchema } from '../../../contracts/connector.ts';
import type { CliIo, OptionSpec } from '../command.ts';
import { didYouMean } from '../suggest.ts';
import type { Values } from '../values.ts';

/** The options by which commands give a connector's settings. */
export const settingOptions = {
  set: { value: 'name=value', about: 'A setting; roster connectors shows which there are', multiple: true },
  'set-file': { value: 'name=path', about: 'A setting whose value is in a file', multiple: true },
  'secret-file': {
    value: 'name=path',
    about: 'A secret setting, in a file: words of a command line can be read by others',
    multiple: true,
  },
} as const satisfies Record<string, OptionSpec>;

type Schema = { type?: string | string[]; items?: Schema; anyOf?: Schema[] };

/** What has settings: a connector, or a protocol of signing in. */
export interface WithSettings extends Pick<Connector, 'id' | 'settings'> {
  /** The command that shows them; `roster connectors` if not said. */
  listedBy?: string;
}

/** One setting of a connector, as people are told of it. */
export interface SettingFacts {
  name: string;
  about: string;
  type: string;
  required: boolean;
  secret: boolean;
}

/** What can be set of a connector. */
export function describeSettings({ settings }: Pick<Connector, 'settings'>): SettingFacts[] {
  const { properties, required = [] } = schemaOf(settings);
  const secrets = secretNames(settings);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    about: [schema.title, schema.description].filter((text) => text !== undefined).join(': '),
    type: schema.enum?.join(' | ') ?? typeOf(schema),
    required: required.includes(name),
    secret: secrets.includes(name),
  }));
}

function schemaOf(settings: Connector['settings']) {
  return settingsSchema(settings) as {
    properties: Record<string, Schema & { title?: string; description?: string; enum?: string[] }>;
    required?: string[];
  };
}

function typeOf({ type, anyOf }: Schema): string {
  if (type !== undefined) return [type].flat().filter((each) => each !== 'null')[0] ?? 'string';
  const kinds = new Set((anyOf ?? []).map(typeOf));
  return kinds.size === 1 ? [...kinds].join() : 'json';
}

interface GivenSetting {
  option: keyof typeof settingOptions;
  name: string;
  /** The value, or the file that holds it. */
  given: string;
}

/** The settings given on the command line, before it is known what each may be. @throws UsageError for one given twice */
export function readGivenSettings(values: Values): GivenSetting[] {
  const settings: GivenSetting[] = [];
  for (const option of Object.keys(settingOptions) as GivenSetting['option'][]) {
    const pairs = Object.entries(values.optionalPairs(option) ?? {});
    const twice = pairs.find(([name]) => settings.some((each) => each.name === name))?.[0];
    if (twice !== undefined) throw values.wrong(option, `gives "${twice}" once more`);
    if (pairs.length < values.list(option).length) throw values.wrong(option, 'gives a setting twice');
    settings.push(...pairs.map(([name, given]) => ({ option, name, given })));
  }
  return settings;
}

/**
 * Settings, each read as its connector wants it.
 *
 * @throws UsageError for one the connector does not have, for a secret among the words, and for what cannot be read
 */
export async function readSettings(
  connector: WithSettings,
  given: readonly GivenSetting[],
  values: Values,
  io: CliIo,
): Promise<Record<string, unknown>> {
  const facts = new Map(describeSettings(connector).map((each) => [each.name, each]));
  const { properties } = schemaOf(connector.settings);
  const settings: Record<string, unknown> = {};
  for (const { option, name, given: word } of given) {
    const known = facts.get(name);
    if (known === undefined) {
      const hint = didYouMean(name, facts.keys()) || ` See: ${connector.listedBy ?? 'roster connectors'}`;
      throw values.wrong(option, `names "${name}", which ${connector.id} does not have.${hint}`);
    }
    if (known.secret !== (option === 'secret-file')) throw values.wrong(option, sayWhere(known));
    const text = option === 'set' ? word : withoutLastBreak(await io.readFile(word));
    const refuse = (what: string) => values.wrong(option, `${name} ${what}`);
    settings[name] = readValue(properties[name] ?? {}, text, refuse);
  }
  return settings;
}

function sayWhere({ name, secret }: SettingFacts): string {
  return secret
    ? `cannot hold "${name}", which is secret: put it into a file and give --secret-file ${name}=<path>`
    : `is for secrets, and "${name}" is none: give --set or --set-file`;
}

/** Editors end a file with a line break, which is no part of a password. A key of several lines keeps its own. */
function withoutLastBreak(text: string): string {
  const line = text.replace(/\r?\n$/, '');
  return line.includes('\n') ? text : line;
}

function readValue(schema: Schema, text: string, refuse: (what: string) => Error): unknown {
  switch (typeOf(schema)) {
    case 'integer':
    case 'number':
      if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
      throw refuse('must be a number');
    case 'boolean':
      if (/^(yes|true)$/.test(text)) return true;
      if (/^(no|false)$/.test(text)) return false;
      throw refuse('must be yes or no');
    case 'array':
      if (!text.startsWith('[')) return text.split(',').map((each) => each.trim());
      return readJson(text, refuse);
    case 'json':
      // A word by itself, where one of the choices is a word.
      if (schema.anyOf?.some((each) => typeOf(each) === 'string') && !/^[[{"]/.test(text)) return text;
      return readJson(text, refuse);
    case 'object':
      return readJson(text, refuse);
    default:
      return text;
  }
}

function readJson(text: string, refuse: (what: string) => Error): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('must be JSON; it is easier in a file: --set-file');
  }
}

import type { Entered } from '../../parts/fields.ts';

/** One setting of a connector as a form shows it. */
export interface SettingField {
  readonly name: string;
  readonly title: string;
  readonly about: string | undefined;
  readonly kind: 'text' | 'secret' | 'number' | 'choice' | 'yes_no';
  readonly options: readonly string[];
  readonly initial: string;
  readonly required: boolean;
  /** Only some need it: it stands below the others. */
  readonly more: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** Which settings each place of files needs (connectors whose files come from several places have a setting `place`). */
const ofPlace: Readonly<Record<string, readonly string[]>> = {
  upload: [],
  folder: ['path'],
  https: ['url', 'authorization'],
  sftp: ['host', 'port', 'username', 'password', 'privateKey', 'hostKey', 'path'],
};
const allOfPlaces = Object.values(ofPlace).flat();

/**
 * The fields of a connector's settings.
 *
 * @param schema JSON Schema 2020-12, as the connector's contract gives it
 * @param place where its files come from, where that is a setting
 */
export function fieldsOfSettings(
  { settings: schema, secrets }: { settings: Json; secrets: readonly string[] },
  place: string | undefined,
): SettingField[] {
  const { properties = {}, required = [] } = schema as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  const isOfPlaces = 'place' in properties;
  return Object.entries(properties).flatMap(([name, property]) => {
    const kind = kindOf(property, secrets.includes(name));
    const isOfPlace = isOfPlaces && allOfPlaces.includes(name);
    if (kind === undefined || (isOfPlace && !(ofPlace[place ?? ''] ?? []).includes(name))) return [];
    const { title, description, default: initial } = property;
    return [
      {
        ...{ name, kind, required: required.includes(name) },
        title: typeof title === 'string' ? title : name,
        about: typeof description === 'string' ? description : undefined,
        options: Array.isArray(property.enum) ? property.enum.map(String) : [],
        initial: initial === undefined ? '' : String(initial),
        more: !isOfPlace && !required.includes(name) && !isUsual(kind, property),
      },
    ];
  });
}

/** Whether a form can ask for all that a connector needs; a mapping of files is beyond it. */
export function isFillable({ settings }: { settings: Json }): boolean {
  const { properties = {}, required = [] } = settings as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return required.every((name) => kindOf(properties[name] ?? {}, false) !== undefined);
}

/** Settings as the hub takes them: what was left empty is left out. */
export function settingsOfForm(
  fields: readonly SettingField[],
  entered: Pick<Entered, 'text' | 'has'>,
): Record<string, unknown> {
  const given = fields.flatMap(({ name, kind }): [string, unknown][] => {
    const text = entered.text(name);
    if (kind === 'yes_no') return [[name, entered.has(name)]];
    if (text === '') return [];
    return [[name, kind === 'number' ? Number(text) : text]];
  });
  return Object.fromEntries(given);
}

function kindOf({ type, enum: options }: Json, isSecret: boolean): SettingField['kind'] | undefined {
  if (isSecret) return 'secret';
  if (Array.isArray(options)) return 'choice';
  if (type === 'string') return 'text';
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'yes_no' : undefined;
}

/** What most products ask for though it has a default, or could be left out. */
function isUsual(kind: SettingField['kind'], { default: initial, format }: Json): boolean {
  return kind === 'choice' || initial === '' || format === 'uri';
}

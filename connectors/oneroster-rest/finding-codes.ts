import type { SourceFinding } from '../../contracts/connector.ts';

interface CodeMeaning {
  readonly severity: SourceFinding['severity'];
  /** What has happened, for the catalogue of findings. */
  readonly means: string;
}

const lost = (means: string): CodeMeaning => ({ severity: 'error', means });
const told = (means: string): CodeMeaning => ({ severity: 'warning', means });

/** Every finding of the connector. `error`: rows or an entity were not taken. */
export const restFindings = {
  endpoint_missing: told(
    'The source has no endpoint for this; nothing was read and nothing counts as missing.',
  ),
  endpoint_refused: told(
    'The source does not let the hub read this; nothing was read and nothing counts as missing.',
  ),
  sourced_id_missing: lost('A row has no sourcedId; it was not taken.'),
  sourced_id_invalid: lost('A sourcedId is no GUID of the standard (1.2 CSV §1.4); the row was not taken.'),
  value_type_wrong: told(
    'A value is an object or a list where text is due, or the other way round; it was left out.',
  ),
  reference_without_id: told('A reference names no sourcedId; it was left out.'),
  comma_in_list: told('A word of a list holds a comma; it counts as two words.'),
  administrator_doubtful: told(
    'An administrator of no known kind of place was taken as its site administrator.',
  ),
  role_without_org: told('A user belongs to no org, and so has no role.'),
  user_without_role: told('A user has no role, where the standard wants at least one.'),
  sort_refused: told('The source does not sort; changes while it is read are noticed less well.'),
  filter_refused: told('The source does not filter by time; a run for changes reads everything.'),
  pages_unstable: lost('The source changed too much while it was read twice; nothing counts as missing.'),
} as const satisfies Record<string, CodeMeaning>;

export type RestFindingCode = keyof typeof restFindings;

/** A finding, with the severity of its code. */
export function finding(
  code: RestFindingCode,
  where: Omit<SourceFinding, 'code' | 'severity'> = {},
): SourceFinding {
  return { code, severity: restFindings[code].severity, ...where };
}

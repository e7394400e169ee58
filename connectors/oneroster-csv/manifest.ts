import type { CsvFindingCode } from '../csv/finding-codes.ts';
import { standardFiles, type Version } from './binding.ts';

export type Mode = 'absent' | 'bulk' | 'delta';

/** What the manifest says, as far as it can be understood (OneRoster 1.2 CSV §3.1). */
export interface Manifest {
  /** Undefined where no known version is named. */
  readonly version: Version | undefined;
  /** By the standard's file name without ending; undefined where it says nothing that is known. */
  readonly modes: ReadonlyMap<string, Mode | undefined>;
  /** The product that made the package, where it names itself. */
  readonly systemName: string | undefined;
  readonly findings: readonly { readonly code: CsvFindingCode; readonly column?: string }[];
}

/** By their names in lower case. What else stands there is not repeated: a file of people may have this name. */
const knownProperties = new Map(
  [
    ...['manifest.version', 'oneroster.version', 'source.systemName', 'source.systemCode'],
    ...standardFiles.map((name) => `file.${name}`),
  ].map((name) => [name.toLowerCase(), name]),
);

/** @param records all of the file, header included */
export function parseManifest(records: readonly (readonly string[])[]): Manifest {
  const findings: { code: CsvFindingCode; column?: string }[] = [];
  const [first, ...others] = records;
  const hasHeader = first?.[0]?.toLowerCase() === 'propertyname';
  if (!hasHeader) findings.push({ code: 'manifest_header_missing' });
  const properties = new Map<string, string>();
  for (const [name = '', value = ''] of hasHeader ? others : records) {
    const key = name.trim().toLowerCase();
    const known = knownProperties.get(key);
    if (properties.has(key))
      findings.push({ code: 'manifest_property_duplicate', ...(known !== undefined && { column: known }) });
    else properties.set(key, value.trim());
  }
  const modes = new Map<string, Mode | undefined>();
  for (const name of standardFiles) {
    const stated = properties.get(`file.${name}`.toLowerCase())?.toLowerCase();
    const isKnown = stated === 'absent' || stated === 'bulk' || stated === 'delta';
    modes.set(name, isKnown ? stated : undefined);
    if (stated !== undefined && stated !== '' && !isKnown) {
      findings.push({ code: 'manifest_mode_unknown', column: `file.${name}` });
    }
  }
  const version = versionOf(properties.get('oneroster.version'));
  if (version === undefined) findings.push({ code: 'version_unknown', column: 'oneroster.version' });
  return { version, modes, systemName: properties.get('source.systemname') || undefined, findings };
}

/** Also such as 1.2.1 and v1p2. */
function versionOf(text = ''): Version | undefined {
  const minor = /^v?1[.p]([12])(\.\d+)?$/i.exec(text)?.[1];
  return minor === undefined ? undefined : `1.${minor as '1' | '2'}`;
}

/** What is read of a file, and what is wrong about it. */
export interface ModeDecision {
  readonly mode: Mode;
  /** Nobody says so: rows that look like changes speak against a whole file. */
  readonly isGuess?: true;
  readonly finding?: CsvFindingCode;
}

/**
 * Decides how a file is read, from what the manifest says of it and whether it is there.
 *
 * @param hasManifest without one nothing is wrong with each single file
 * @param assumed what a file is that nobody says anything about
 */
export function decideMode(file: {
  stated: Mode | undefined;
  isThere: boolean;
  hasManifest: boolean;
  assumed: 'auto' | 'bulk' | 'delta';
}): ModeDecision {
  const { stated, isThere, hasManifest, assumed } = file;
  if (!isThere) {
    return stated === 'bulk' || stated === 'delta'
      ? { mode: 'absent', finding: 'file_missing' }
      : { mode: 'absent' };
  }
  // It may be left over from another export: what nobody promises is not taken.
  if (stated === 'absent') return { mode: 'absent', finding: 'manifest_contradicts_file' };
  if (stated !== undefined) return { mode: stated };
  const decision = assumed === 'auto' ? ({ mode: 'bulk', isGuess: true } as const) : { mode: assumed };
  return hasManifest ? { ...decision, finding: 'manifest_mode_blank' } : decision;
}

import type { SourceFinding } from '../../contracts/connector.ts';
import { type CsvFindingCode, csvFindings } from '../csv/finding-codes.ts';
import { standardFiles } from './binding.ts';

/** The files of a package by their names in the standard, without ending. */
export interface SortedNames {
  /** Where each lies: `users` → `export/Users.csv`. */
  readonly files: ReadonlyMap<string, string>;
  /** Those that are there more than once: which of them counts is a guess. */
  readonly doubtful: ReadonlySet<string>;
  readonly findings: readonly SourceFinding[];
}

/**
 * Decides which file is which: at the top before in a folder, in the standard's case before any other (OneRoster 1.2 CSV
 * §3: names are as written, at the top of the archive).
 */
export function sortNames(names: readonly string[]): SortedNames {
  const files = new Map<string, string>();
  const doubtful = new Set<string>();
  const findings: SourceFinding[] = [];
  const known = new Map(['manifest', ...standardFiles].map((name) => [`${name}.csv`.toLowerCase(), name]));
  const ordered = names.toSorted(
    (a, b) => depthOf(a) - depthOf(b) || wrongness(a) - wrongness(b) || (a < b ? -1 : 1),
  );
  for (const path of ordered) {
    const name = known.get(baseOf(path).toLowerCase());
    if (name === undefined) findings.push(finding('file_unknown', path));
    else if (files.has(name)) {
      doubtful.add(name);
      findings.push(finding('file_duplicate', path));
    } else {
      files.set(name, path);
      if (wrongness(path) === 1) findings.push(finding('file_name_case', path));
    }
  }
  const nested = [...files.values()].find((path) => depthOf(path) > 1);
  if (nested !== undefined) findings.push(finding('folder_nested', nested));
  return { files, doubtful, findings };

  function wrongness(path: string): number {
    const base = baseOf(path);
    return base === `${known.get(base.toLowerCase())}.csv` ? 0 : 1;
  }
}

export function finding(code: CsvFindingCode, part: string): SourceFinding {
  return { code, severity: csvFindings[code].severity, part };
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function depthOf(path: string): number {
  return path.split('/').length;
}

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vitest/node';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** One import or re-export. */
export interface Import {
  /** As written: a package, a `node:` module, or for files of ours their path from the root. */
  target: string;
  /** Whether it vanishes when types are stripped. */
  typeOnly: boolean;
}

/** A parsed TypeScript file. */
export interface Source {
  /** Path from the root, with forward slashes. */
  file: string;
  text: string;
  imports: Import[];
  /** Top-level statements of the syntax tree (ESTree). */
  statements: Statement[];
}

export type Statement = ReturnType<typeof parseAst>['body'][number];
export type SyntaxNode = { type: string; start: number } & Record<string, unknown>;

/** Files below the given folders whose name ends as asked, as paths from the root. Missing folders are empty. */
export function listFiles(folders: string[], ending: string): string[] {
  return folders.flatMap((folder) => {
    const found = readdirSync(root, { withFileTypes: true }).some((entry) => entry.name === folder);
    if (!found) return [];
    return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
      .filter((name) => name.endsWith(ending) && !name.includes('node_modules'));
  });
}

export function readText(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

/** Reads and parses every TypeScript file below the given folders. */
export function readSources(folders: string[]): Source[] {
  return [...listFiles(folders, '.ts'), ...listFiles(folders, '.tsx')]
    .filter((file) => !file.endsWith('.d.ts'))
    .map((file) => parseSource(file, readText(file)));
}

/** Parses one file's text. */
export function parseSource(file: string, text: string): Source {
  const statements = parseAst(text, { lang: file.endsWith('.tsx') ? 'tsx' : 'ts' }, file).body;
  return { file, text, statements, imports: statements.flatMap((statement) => readImport(file, statement)) };
}

function readImport(file: string, statement: Statement): Import[] {
  const isImport = statement.type === 'ImportDeclaration';
  const isExport = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportAllDeclaration';
  if (!(isImport || isExport) || !statement.source) return [];
  const written = statement.source.value;
  const target = written.startsWith('.') ? path.posix.join(path.posix.dirname(file), written) : written;
  const kind = isImport ? statement.importKind : statement.exportKind;
  const names = 'specifiers' in statement ? statement.specifiers : [];
  const allTypes =
    names.length > 0 &&
    names.every(
      (name) => ('importKind' in name ? name.importKind : 'exportKind' in name && name.exportKind) === 'type',
    );
  return [{ target, typeOnly: kind === 'type' || allTypes }];
}

/** Calls `visit` for a node and everything below it; where `visit` gives false, what is below is left out. */
export function walk(node: unknown, visit: (node: SyntaxNode) => boolean | undefined): void {
  if (Array.isArray(node)) {
    for (const item of node) walk(item, visit);
  } else if (typeof node === 'object' && node !== null) {
    if ('type' in node && visit(node as SyntaxNode) === false) return;
    for (const value of Object.values(node)) walk(value, visit);
  }
}

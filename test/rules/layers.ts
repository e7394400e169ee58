/**
 * The order of folders (docs: who may import whom). A file may import from its own group and from groups in
 * earlier rows; groups in one row do not know each other.
 */
export const rows: string[][] = [
  ['contracts'],
  ['connectors', 'console', 'platform'],
  ['audit'],
  ['tenants'],
  ['health'],
  ['tools', 'connections'],
  ['people'],
  ['roster'],
  ['privacy'],
  ['sync', 'grades'],
  ['lti'],
  ['sso'],
  ['operators'],
  ['api'],
  ['config'],
  ['app'],
  ['cli', 'demo'],
  ['main'],
];

/** The group a file belongs to: its folder below src, or its own name when it lies in src itself. */
export function groupOf(file: string): string {
  const [first = '', second = ''] = file.split('/');
  return first === 'src' ? second.replace(/\.tsx?$/, '') : first;
}

/** Why `from` may not import `to`, or undefined when it may. Both are paths from the root. */
export function decideImport(from: string, to: string): string | undefined {
  const [source, target] = [groupOf(from), groupOf(to)];
  if (source === target || source === 'demo') return undefined;
  const [sourceRow, targetRow] = [rowOf(source), rowOf(target)];
  if (sourceRow === -1) return `${from}: add the folder "${source}" to test/rules/layers.ts`;
  if (targetRow === -1) return `${from}: imports ${to}, which is in no known folder`;
  if ((source === 'connectors' || source === 'console') && target !== 'contracts')
    return `${from}: ${source} may import contracts only, not ${to}`;
  if (targetRow >= sourceRow) return `${from}: ${source} may not import ${target} (${to})`;
  if (target === 'config' && !['app', 'cli', 'main'].includes(source)) {
    return `${from}: settings arrive as arguments, not from ${to}`;
  }
  if (isFeature(target) && isInner(to)) return `${from}: reaches past the front of "${target}" into ${to}`;
  return undefined;
}

function rowOf(group: string): number {
  return rows.findIndex((row) => row.includes(group));
}

function isFeature(group: string): boolean {
  return rowOf(group) > rowOf('platform') && rowOf(group) < rowOf('config');
}

/** A feature's stores belong to it alone: everyone else asks its use cases. */
function isInner(file: string): boolean {
  return /(^|[/-])store\.ts$/.test(file);
}

import type { CallFailure } from '../../api/failure.ts';

/**
 * What the hub says of one field of a form, so that it stands beside it.
 *
 * @param path as the hub names it: `clientId`, `settings.issuer`
 */
export function errorOf(failure: CallFailure | null, path: string): string | undefined {
  const issues = failure?.details.issues;
  if (!Array.isArray(issues)) return undefined;
  const found = issues.find((issue: unknown) => {
    const named = typeof issue === 'object' && issue !== null && 'path' in issue ? issue.path : undefined;
    return named === path || (typeof named === 'string' && path.endsWith(`.${named}`));
  });
  return typeof found?.message === 'string' ? found.message : undefined;
}

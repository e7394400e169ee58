import type { Reply } from '../../api/contracts.ts';
import type { Check } from './todo.ts';

type Connection = Reply<'showReadiness'>['connections'][number];

/** A check with what it is of; undefined: the institution as a whole. */
export interface OwnCheck {
  readonly of: Connection | undefined;
  readonly check: Check;
}

const order: readonly Check['state'][] = ['failed', 'missing', 'stale'];

/** Checks that stop somebody, the worst first: those of the institution before its connections'. */
export function listOpenChecks({
  checks,
  connections,
}: {
  checks: readonly Check[];
  connections: readonly Connection[];
}): OwnCheck[] {
  const all: OwnCheck[] = [
    ...checks.map((check) => ({ of: undefined, check })),
    ...connections.flatMap((of) => of.checks.map((check) => ({ of, check }))),
  ];
  const rank = ({ check }: OwnCheck) => order.indexOf(check.state);
  return all.filter((each) => rank(each) !== -1).toSorted((left, right) => rank(left) - rank(right));
}

import type { ReadRequest, SourceFinding } from '../../contracts/connector.ts';
import { finding } from './names.ts';

/** How a package stands among others. */
export interface Succession {
  /** ISO 8601, where it can be told; not later than now. */
  readonly madeAt: string | undefined;
  readonly isFromFuture: boolean;
  /** When those beside it were made that are not read: ISO 8601. */
  readonly passedOver: readonly string[];
}

/** Clocks are wrong by minutes, and a server may tell its local time. */
const mayBeAhead = 24 * 3_600_000;

/**
 * A package counts as made now at the latest: one of a wrong clock would make all that follow look older.
 *
 * @param opened unix milliseconds, @param now as well
 */
export function placeAmong(
  opened: { readonly modifiedAt: number | undefined; readonly passedOver?: readonly number[] | undefined },
  now: number,
): Succession {
  const { modifiedAt, passedOver = [] } = opened;
  return {
    madeAt: modifiedAt === undefined ? undefined : iso(Math.min(modifiedAt, now)),
    isFromFuture: modifiedAt !== undefined && modifiedAt > now + mayBeAhead,
    passedOver: passedOver.map(iso),
  };
}

/** Whether a run of changes has read a later package before. */
export function isOlder({ madeAt }: Succession, { mode, state }: ReadRequest): boolean {
  return mode === 'delta' && madeAt !== undefined && (state ?? '') > madeAt;
}

/**
 * What is lost between packages. A whole one makes up for those before it.
 *
 * @param isWhole whether the package has whole files
 */
export function judgeSuccession(
  succession: Succession,
  request: ReadRequest,
  isWhole: boolean,
): SourceFinding[] {
  const findings: SourceFinding[] = [];
  if (succession.isFromFuture) findings.push(finding('package_from_future', 'package'));
  if (isOlder(succession, request)) findings.push(finding('package_is_old', 'package'));
  const unread = succession.passedOver.filter((madeAt) => madeAt > (request.state ?? ''));
  if (!isWhole && unread.length > 0)
    findings.push({ ...finding('packages_skipped', 'package'), count: unread.length });
  return findings;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

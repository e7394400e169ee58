import type { SourceFinding } from '../../../contracts/connector.ts';
import type { Profile } from '../../../contracts/sync.ts';
import { isForbidden } from './findings.ts';

/**
 * Findings of a connector as a profile sees them: in the strict one what the binding forbids is an error, also where the
 * connector could mend it, since nothing of such a source is taken.
 */
export function judgeFindings(
  profile: Profile,
  findings: readonly SourceFinding[],
): readonly SourceFinding[] {
  if (profile === 'tolerant') return findings;
  return findings.map((finding) => (isForbidden(finding.code) ? { ...finding, severity: 'error' } : finding));
}

export type StrictDecision = { kind: 'go_on' } | { kind: 'refuse'; codes: readonly string[]; advice: string };

/** Most codes that are named in the advice; the findings list all of them. */
const mostNamed = 5;

/**
 * Whether a run may go on to its plan. The strict profile refuses the source as a whole where a connector has met what the
 * binding forbids: a file that is not as it must be says nothing certain about its rows. Asked once everything is read and
 * looked at, so that the findings name all there is to mend.
 *
 * @param codes of what was found
 */
export function decideStrict(profile: Profile, codes: readonly string[]): StrictDecision {
  const forbidden = profile === 'strict' ? [...new Set(codes)].filter(isForbidden).sort() : [];
  if (forbidden.length === 0) return { kind: 'go_on' };
  const named = forbidden.slice(0, mostNamed).join(', ');
  const others = forbidden.length > mostNamed ? ` and ${forbidden.length - mostNamed} more` : '';
  const advice = `The source has what OneRoster forbids (${named}${others}), and the profile of this connection is strict: nothing was taken. Have the source mended as its findings say and run again, or choose the tolerant profile.`;
  return { kind: 'refuse', codes: forbidden, advice };
}

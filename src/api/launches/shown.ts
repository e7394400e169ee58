import type { z } from 'zod';
import type { launchFields, showLaunch as showLaunchContract } from '../../../contracts/http/launches.ts';
import { explainLaunch, type StoredLaunch } from '../../lti/inbound/trace.ts';
import { adviceFor, isReasonCode, type LmsFamily, reason } from '../../lti/reasons.ts';

type Shown = z.input<typeof launchFields>;
type ShownDetails = z.input<(typeof showLaunchContract)['reply']['schema']>['launches'][number];
type Slugs = ReadonlyMap<string, string>;

/** A launch as lists show it: ids and codes. What the LMS said of the person is kept nowhere. */
export function showLaunch(launch: StoredLaunch, slugs: Slugs): Shown {
  const { launchId, reference, state, outcome, reason: code, startedAt, endedAt } = launch;
  return {
    ...{ launchId, reference, state, reason: code ?? null },
    from: launch.facts.from === 'portal' ? 'portal' : 'lms',
    // The column has no other values.
    outcome: (outcome ?? null) as Shown['outcome'],
    connectionId: launch.connectionId ?? null,
    deploymentId: launch.deploymentId ?? null,
    tool: launch.toolId === undefined ? null : (slugs.get(launch.toolId) ?? null),
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}

/** A launch check by check, with what mends it. */
export function showLaunchDetails(launch: StoredLaunch, slugs: Slugs): ShownDetails {
  const { steps } = explainLaunch(launch);
  const { family } = launch.facts;
  return {
    ...showLaunch(launch, slugs),
    family: typeof family === 'string' ? family : null,
    binding: launch.binding ?? null,
    presentation: launch.presentation ?? null,
    policyVersion: launch.policyVersion ?? null,
    warnings: launch.warnings,
    steps: steps.map(({ note, ...step }) => ({ ...step, note: note ?? null })),
    explanation: explain(launch.reason, (typeof family === 'string' ? family : 'generic') as LmsFamily),
  };
}

function explain(code: string | undefined, family: LmsFamily): ShownDetails['explanation'] {
  if (code === undefined || !isReasonCode(code)) return null;
  const { turn, specification } = reason(code);
  return { turn, specification, advice: adviceFor(code, family) };
}

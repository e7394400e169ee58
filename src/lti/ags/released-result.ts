import type { ToolId } from '../../../contracts/ids.ts';
import type { TenantTx } from '../../platform/db.ts';
import { getPolicyInForce } from '../../privacy/policies.ts';
import { deriveReleaseKey, type GivenFields, release } from '../../privacy/release.ts';
import type { LmsResult } from '../lms/gradebook.ts';

type Commented = Pick<LmsResult, 'comment'>;

/** What an LMS says in a result beyond points and people, by the names of the release policy. */
function fieldsOf({ comment }: Commented): GivenFields {
  return { 'result.comment': comment };
}

/** The fields that the result of a made-up pupil offers to the release policy: for previews. */
export function sampleResultFields(): GivenFields {
  return fieldsOf({ comment: 'Well done, Ada' });
}

/**
 * Looks up what of a comment the policy in force lets out to a tool: all of it, a hash, or nothing.
 *
 * @throws DomainError conflict `tool_not_enabled`
 */
export async function openComments(
  tx: TenantTx,
  toolId: ToolId,
  releaseSecret: Buffer,
): Promise<(result: Commented) => string | undefined> {
  const { rules } = await getPolicyInForce(tx, toolId);
  const key = () => deriveReleaseKey(releaseSecret, tx.tenantId, toolId);
  return (result) => release(rules, 'grades', fieldsOf(result), key)['result.comment'];
}

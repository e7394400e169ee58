import { randomBytes } from 'node:crypto';
import type { PersonId, ToolId } from '../../contracts/ids.ts';
import { recordAudit } from '../audit/audit.ts';
import type { TenantTx } from '../platform/db.ts';
import { DomainError } from '../platform/errors.ts';
import type { ChangeBy } from '../tenants/changes.ts';
import { addPseudonyms, savePseudonym } from './store.ts';

export { findPersonByPseudonym } from './store.ts';

/**
 * A name to give a tool for a person it meets for the first time: 144 random bits, base64url, so that two tools
 * cannot compare notes (pairwise subject identifier, OpenID Connect Core §8.1).
 */
export function newPseudonym(): string {
  return randomBytes(18).toString('base64url');
}

/**
 * Gives a person a new name at one tool. The tool then takes them for somebody else: their work there stays
 * under the old name. The audit trail says that it happened, to whom, where and why, but neither name.
 *
 * @returns the new name
 * @throws DomainError not_found `pseudonym_unknown` when the tool never met the person
 */
export async function rekeyPseudonym(
  tx: TenantTx,
  input: { toolId: ToolId; personId: PersonId },
  by: ChangeBy & { reason: string },
): Promise<string> {
  const sub = newPseudonym();
  if (!(await savePseudonym(tx, { ...input, sub, now: by.now }))) {
    throw new DomainError('not_found', 'pseudonym_unknown', 'This tool has never met this person.');
  }
  await recordAudit(tx, {
    ...by,
    action: 'pseudonym.rekeyed',
    subject: `person:${input.personId}`,
    after: { toolId: input.toolId },
  });
  return sub;
}

/**
 * The names that a tool knows people by; whoever it meets for the first time is given one.
 *
 * @param persons each once, none of them merged into another
 */
export async function namesForTool(
  tx: TenantTx,
  toolId: ToolId,
  persons: readonly PersonId[],
  now: number,
): Promise<Map<PersonId, string>> {
  if (persons.length === 0) return new Map();
  // In one order, so that two lists that are met together do not wait for each other.
  const rows = persons.toSorted().map((personId) => ({ personId, sub: newPseudonym() }));
  const names = await addPseudonyms(tx, toolId, rows, new Date(now));
  return new Map(names.map(({ personId, sub }) => [personId, sub]));
}

import { z } from 'zod';
import { linkFields } from '../../contracts/people.ts';
import { parseInput } from '../platform/input.ts';

export { linkFields } from '../../contracts/people.ts';

/** Columns of a roster's users that may name a person for good; `userIds:<type>` stands beside them. */
export const rosterColumns = ['sourcedId', 'identifier', 'userMasterIdentifier', 'username'] as const;

/** As `MatchRule`; for a rule that is stored. */
export const matchRule = z.object({
  rosterColumn: z.union([
    z.enum(rosterColumns),
    z
      .string()
      .regex(/^userIds:[^\s:{}]{1,80}$/, `must be one of ${rosterColumns.join(', ')}, or userIds:<type>`),
  ]),
  linkField: z.enum(linkFields),
});

/** The field a tenant has chosen: whoever has the same value of it is the same person. */
export type MatchRule = z.output<typeof matchRule>;

/** @throws DomainError input `match_rule_invalid` */
export function readMatchRule(input: { rosterColumn: string; linkField: string }): MatchRule {
  return parseInput(matchRule, input, 'match_rule_invalid');
}

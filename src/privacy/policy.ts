import { type ZodType, z } from 'zod';
import { type Action, actions, type Purpose, purposes } from '../../contracts/privacy.ts';
import { type FieldName, fieldKind, isFieldName } from './fields.ts';

export { type Action, actions, type Purpose, purposes } from '../../contracts/privacy.ts';

export type PurposeRules = Partial<Record<FieldName, Action>>;
/** What is not mentioned is dropped. */
export type PolicyRules = Partial<Record<Purpose, PurposeRules>>;

const purposeRules: ZodType<PurposeRules> = z
  .record(z.string(), z.enum(actions))
  .superRefine((rules, context) => {
    for (const [name, action] of Object.entries(rules)) {
      const complaint = complainAboutRule(name, action);
      if (complaint !== undefined) context.addIssue({ code: 'custom', path: [name], message: complaint });
    }
  });

function complainAboutRule(name: string, action: Action): string | undefined {
  if (!isFieldName(name)) return 'There is no such field.';
  if (action === 'hash' && fieldKind(name) === 'list') return 'A list cannot be hashed: allow or drop it.';
  return undefined;
}

/** Rules as an operator gives them: an unknown purpose, field or action is a mistake. */
export const policyRules: ZodType<PolicyRules> = z.strictObject(
  Object.fromEntries(purposes.map((purpose) => [purpose, purposeRules.optional()])),
);

/**
 * Rules as they are stored. What this version of the program does not know is left out, so it is dropped: a
 * policy written by a newer version never releases more here than there.
 */
export function readRules(stored: unknown): PolicyRules {
  const rules: PolicyRules = {};
  for (const purpose of purposes) {
    const entry = ownMember(stored, purpose);
    if (typeof entry !== 'object' || entry === null) continue;
    const known: PurposeRules = {};
    for (const [name, action] of Object.entries(entry)) {
      if (isFieldName(name) && isAction(action)) known[name] = action;
    }
    rules[purpose] = known;
  }
  return rules;
}

function ownMember(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function isAction(value: unknown): value is Action {
  return actions.some((action) => action === value);
}

/** What a policy does with a field: default deny. */
export function decideAction(rules: PolicyRules, purpose: Purpose, field: FieldName): Action {
  const ofPurpose = Object.hasOwn(rules, purpose) ? rules[purpose] : undefined;
  if (ofPurpose === undefined || !Object.hasOwn(ofPurpose, field)) return 'drop';
  return ofPurpose[field] ?? 'drop';
}

export interface RuleChange {
  purpose: Purpose;
  field: FieldName;
  action: Action;
}

/** The rules after some changes; a dropped field is taken out, since that is the default. */
export function planPolicy(before: PolicyRules, changes: readonly RuleChange[]): PolicyRules {
  const after = structuredClone(before);
  for (const { purpose, field, action } of changes) {
    const rules = after[purpose] ?? {};
    if (action === 'drop') delete rules[field];
    else rules[field] = action;
    after[purpose] = rules;
  }
  return after;
}

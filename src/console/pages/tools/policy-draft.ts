import type { Action, Purpose } from '../../../../contracts/privacy.ts';

/** What a tool may see: purpose, then field; what is not named is dropped. */
export type Rules = Readonly<Partial<Record<Purpose, Readonly<Record<string, Action>>>>>;

/** What is done with a field for a purpose. */
export function actionOf(rules: Rules, purpose: Purpose, field: string): Action {
  return rules[purpose]?.[field] ?? 'drop';
}

/** The rules with one of them changed. What is dropped is not named, so that equal rules look equal. */
export function withRule(rules: Rules, purpose: Purpose, field: string, action: Action): Rules {
  const { [field]: _before, ...others } = rules[purpose] ?? {};
  return { ...rules, [purpose]: action === 'drop' ? others : { ...others, [field]: action } };
}

/** What differs between two policies, in the order of purpose and field. */
export function diffRules(
  before: Rules,
  after: Rules,
): { purpose: Purpose; field: string; from: Action; to: Action }[] {
  const purposes = [...new Set([...Object.keys(before), ...Object.keys(after)])] as Purpose[];
  return purposes
    .flatMap((purpose) => {
      const fields = new Set([...Object.keys(before[purpose] ?? {}), ...Object.keys(after[purpose] ?? {})]);
      return [...fields].map((field) => ({
        purpose,
        field,
        from: actionOf(before, purpose, field),
        to: actionOf(after, purpose, field),
      }));
    })
    .filter(({ from, to }) => from !== to)
    .toSorted((left, right) =>
      `${left.purpose} ${left.field}`.localeCompare(`${right.purpose} ${right.field}`),
    );
}

/** How many fields leave, over all purposes. */
export function countReleased(rules: Rules): number {
  return Object.values(rules).flatMap((fields) =>
    Object.values(fields ?? {}).filter((action) => action !== 'drop'),
  ).length;
}

import { exchangeKinds, serviceTiers } from '../../../contracts/health.ts';
import { clearLevel, readBudgets, readLevels, setLevel } from '../../health/slo/levels.ts';
import { builtInLevel } from '../../health/slo/targets.ts';
import { type Command, changing } from '../command.ts';
import { table } from '../layout.ts';
import type { Values } from '../values.ts';
import { getScope, scopeOption } from './incident.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

const which = {
  kind: { value: 'kind', about: 'Of which exchanges', choices: exchangeKinds, required: true },
  tier: { value: 'tier', about: 'Of which connections', choices: serviceTiers, required: true },
} as const;

export const sloList: Command = {
  name: 'slo list',
  about: 'List the targets: built in, and set for the hub or a school',
  options: scopeOption,
  examples: ['slo list', 'slo list --tenant northfield'],
  async run({ values, open }) {
    const { hub } = await open();
    const set = await readLevels(hub.db, await getScope(hub, values));
    const levels = exchangeKinds.flatMap((kind) =>
      serviceTiers.map((tier) => {
        const own = set.find((each) => each.kind === kind && each.tier === tier);
        const { target, examTarget } = own ?? builtInLevel(kind, tier);
        return { kind, tier, target, examTarget, isSet: own !== undefined };
      }),
    );
    const rows = levels.map((each) => [
      ...[each.kind, each.tier, percent(each.target), percent(each.examTarget)],
      each.isSet ? 'set here' : 'built in',
    ]);
    return { json: { levels }, text: table(['KIND', 'TIER', 'TARGET', 'IN EXAMS', ''], rows, '') };
  },
};

export const sloSet: Command = {
  name: 'slo set',
  about: 'Set a target for a school, or without a tenant for all',
  options: {
    ...scopeOption,
    ...which,
    target: { value: 'share', about: 'How much has to succeed, such as 0.995', required: true },
    'exam-target': { value: 'share', about: 'How much during exams', required: true },
    ...changing,
  },
  examples: ['slo set --kind launch --tier critical --target 0.999 --exam-target 0.9995'],
  async run({ values, open }) {
    const level = {
      ...readWhich(values),
      target: readShare(values, 'target'),
      examTarget: readShare(values, 'exam-target'),
    };
    const { hub, by } = await open();
    await setLevel(hub.db, await getScope(hub, values), level, by);
    return { json: { level }, text: 'It holds from the next evaluation on.' };
  },
};

export const sloClear: Command = {
  name: 'slo clear',
  about: 'Take a target back to that of the hub, or to the built-in one',
  options: { ...scopeOption, ...which, ...changing },
  examples: ['slo clear --kind launch --tier critical'],
  async run({ values, open }) {
    const level = readWhich(values);
    const { hub, by } = await open();
    await clearLevel(hub.db, await getScope(hub, values), level, by);
    return { json: { ...level, state: 'cleared' }, text: 'It is taken back.' };
  },
};

export const sloBudget: Command = {
  name: 'slo budget',
  about: 'How much of a school’s room for failures is spent, and what may be changed for it now',
  options: tenantOption,
  examples: ['slo budget --tenant northfield'],
  async run({ values, open }) {
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    const budgets = await readBudgets(hub.db, tenantId, by.now);
    const rows = budgets.kinds.map(({ kind, tier, month, exams, freeze }) => [
      ...[kind, tier, `${month.failed} of ${Math.floor(month.allowed)}`, percent(month.spent)],
      ...[exams === null ? '–' : percent(exams.spent), freeze],
    ]);
    const heading = ['KIND', 'TIER', 'FAILED, 28 DAYS', 'SPENT', 'SPENT IN EXAMS', 'CHANGES'];
    const text = [
      table(heading, rows, 'Nothing was exchanged in 28 days.'),
      `\nPeriod: ${budgets.period ?? 'no calendar'}. Changes: ${budgets.freeze}.`,
    ];
    return { json: budgets, text: text.join('\n') };
  },
};

function readWhich(values: Values) {
  return { kind: values.choice('kind', exchangeKinds), tier: values.choice('tier', serviceTiers) };
}

function readShare(values: Values, name: string): number {
  const text = values.text(name);
  if (/^0?\.\d{1,8}$/.test(text)) return Number(text);
  throw values.wrong(name, 'must be a share such as 0.995');
}

function percent(share: number): string {
  return `${Math.round(share * 100_000) / 1_000} %`;
}

import { type FailureRate, readChanges } from '../../health/changes/changes.ts';
import { deriveChanges } from '../../health/changes/derive.ts';
import type { Command } from '../command.ts';
import { instant, table } from '../layout.ts';
import { getNamedTenant, tenantOption } from './tenant.ts';

export const changeList: Command = {
  name: 'change list',
  about: 'List the changes to a school’s live integrations, what became of each, and how many failed',
  options: { ...tenantOption, days: { value: 'number', about: 'Those of so many days; 90 by default' } },
  examples: ['change list --tenant northfield', 'change list --tenant northfield --days 28'],
  async run({ values, open }) {
    const days = values.optionalNumber('days') ?? 90;
    const { hub, by } = await open();
    const { tenantId } = await getNamedTenant(hub, values);
    await deriveChanges(hub.db, tenantId, by.now);
    const since = new Date(by.now - days * 86_400_000);
    const report = await readChanges(hub.db, tenantId, { since, now: by.now });
    const rows = report.changes.map(({ change, verdict, comparison }) => [
      ...[instant(change.at.getTime()), change.type, change.action],
      verdict.failures.length > 0 ? verdict.failures.join(', ') : verdict.isSettled ? 'well' : 'too recent',
      comparison?.verdict ?? '–',
      change.connectionId ?? change.toolId ?? '–',
    ]);
    const { all, byType } = report.rate;
    const text = [
      table(['AT', 'TYPE', 'ACTION', 'RESULT', 'FAILURES', 'OF'], rows, 'Nothing was changed.'),
      `\nFailed: ${say(all)}`,
      ...Object.entries(byType)
        .filter(([, rate]) => rate.changes + rate.unsettled > 0)
        .map(([type, rate]) => `  ${type}: ${say(rate)}`),
    ];
    return { json: report, text: text.join('\n') };
  },
};

function say({ changes, failed, unsettled }: FailureRate): string {
  const recent = unsettled > 0 ? `; ${unsettled} too recent to say` : '';
  return `${failed} of ${changes}${recent}`;
}

import { List } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Note } from '../../parts/note.tsx';
import { Section } from '../../parts/page.tsx';
import { Figure } from '../health/figures.tsx';
import { type SchoolSum, sumBySchool, sumOf } from './plan-sums.ts';

type Plan = Reply<'showPlan'>['plan'];
const actions = ['created', 'changed', 'removed', 'restored'] as const;

/** What a run would do or has done: in all, school by school, with examples and with what holds it. */
export function PlanView({ plan }: { plan: Plan }) {
  const { text, count, word } = useLanguage();
  const all = sumOf(plan.counts);
  return (
    <>
      {plan.holds.length > 0 && (
        <Note tone="warn" title={text('plan.held')}>
          <List size="sm">
            {plan.holds.map((hold) => (
              <List.Item key={`${hold.code} ${hold.entity} ${hold.school}`}>
                {word('hold', hold.code)}
                {': '}
                {text('plan.hold', {
                  count: hold.count,
                  total: count(hold.total),
                  allowed: count(hold.allowed),
                })}
                {[hold.entity && word('entity', hold.entity), hold.school]
                  .filter(Boolean)
                  .map((part) => ` · ${part}`)}
              </List.Item>
            ))}
          </List>
        </Note>
      )}
      <div className="figures">
        {actions.map((action) => (
          <Figure key={action} name={text(`plan.${action}`)} value={count(all[action])} />
        ))}
        <Figure name={text('plan.offered')} value={count(plan.offered)} />
        <Figure name={text('plan.rejected')} value={count(plan.rejected)} />
      </div>
      <Section title={text('plan.bySchool')}>
        <BySchool plan={plan} />
      </Section>
      {plan.massChanges.length > 0 && (
        <Section title={text('plan.alike')}>
          <DataTable
            plain
            name="plan-alike"
            label={text('plan.alike')}
            rows={plan.massChanges}
            rowKey={({ kind, entity, column }) => `${kind} ${entity} ${column}`}
            empty={text('plan.nothing')}
            columns={[
              { key: 'entity', header: text('plan.entity'), cell: ({ entity }) => word('entity', entity) },
              {
                key: 'column',
                header: text('plan.column'),
                cell: ({ column }) => <span className="code">{column}</span>,
              },
              {
                key: 'what',
                header: text('plan.action'),
                cell: (each) => text(`plan.${each.kind}`, { count: each.count, had: count(each.had) }),
              },
            ]}
          />
        </Section>
      )}
      <Section title={text('plan.samples')}>
        <DataTable
          plain
          name="samples"
          label={text('plan.samples')}
          rows={plan.samples}
          rowKey={({ entity, action }) => `${entity} ${action}`}
          empty={text('plan.nothing')}
          columns={[
            { key: 'entity', header: text('plan.entity'), cell: ({ entity }) => word('entity', entity) },
            { key: 'action', header: text('plan.action'), cell: ({ action }) => text(`rowAction.${action}`) },
            {
              key: 'ids',
              header: text('plan.ids'),
              cell: ({ sourcedIds }) => <span className="code">{sourcedIds.join(', ')}</span>,
            },
          ]}
        />
      </Section>
    </>
  );
}

function BySchool({ plan }: { plan: Plan }) {
  const { text, count, word } = useLanguage();
  const number = (key: (typeof actions)[number] | 'present'): Column<SchoolSum> => ({
    key,
    header: text(`plan.${key}`),
    end: true,
    cell: (row) => (row[key] === 0 ? '–' : count(row[key])),
    value: (row) => row[key],
  });
  return (
    <DataTable
      name="plan-by-school"
      label={text('plan.bySchool')}
      rows={sumBySchool(plan.counts)}
      rowKey={({ school }) => school ?? ''}
      empty={text('plan.nothing')}
      columns={[
        {
          key: 'school',
          header: text('plan.school'),
          cell: ({ school }) => school ?? text('plan.noSchool'),
          value: ({ school }) => school,
        },
        number('present'),
        ...actions.map(number),
        {
          key: 'entities',
          header: text('plan.entity'),
          cell: ({ entities }) =>
            entities
              .filter((each) => actions.some((action) => each[action] > 0))
              .map((each) => {
                const parts = actions.filter((action) => each[action] > 0);
                const signs = { created: '+', changed: '~', removed: '−', restored: '↺' } as const;
                const sums = parts.map((action) => `${signs[action]}${count(each[action])}`).join(' ');
                return `${word('entity', each.entity)} ${sums}`;
              })
              .join(' · ') || '–',
        },
      ]}
    />
  );
}

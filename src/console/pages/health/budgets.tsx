import { Stack } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import type { Tone } from '../../parts/tone.ts';
import { Figure } from './figures.tsx';

type Budget = Reply<'showBudgets'>['kinds'][number]['month'];
type Freeze = Reply<'showBudgets'>['freeze'];
const tones: Readonly<Record<Freeze, Tone>> = { open: 'good', fixes_only: 'warn', frozen: 'bad' };

/** How much of a school's room for failures is spent, over 28 days and over exams, and what may be changed for it now. */
export function Budgets({ slug }: { slug: string }) {
  const { text } = useLanguage();
  const budgets = useRead('showBudgets', { params: { slug } }, { every: 60_000 });
  return (
    <Section title={text('budgets.title')}>
      <p className="quiet section-about">{text('budgets.about')}</p>
      <Loaded of={budgets} lines={6}>
        {({ period, freeze, kinds }) => (
          <Stack gap="sm">
            <div className="figures">
              <Figure name={text('budgets.freeze')} value={<FreezeTag of={freeze} />} />
              <Figure
                name={text('periods.now')}
                value={period === null ? '–' : text(`period.${period}`)}
                {...(period === null ? { about: text('periods.noCalendar') } : {})}
              />
            </div>
            <BudgetTable kinds={kinds} />
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}

function BudgetTable({ kinds }: { kinds: Reply<'showBudgets'>['kinds'] }) {
  const { text, percent } = useLanguage();
  return (
    <DataTable
      name="budgets"
      label={text('budgets.title')}
      rows={kinds}
      rowKey={({ kind, tier }) => `${kind} ${tier}`}
      empty={text('budgets.empty')}
      columns={[
        {
          key: 'kind',
          header: text('health.kind'),
          cell: ({ kind }) => text(`kind.${kind}`),
          value: ({ kind }) => kind,
        },
        {
          key: 'tier',
          header: text('budgets.tier'),
          cell: ({ tier }) => text(`tier.${tier}`),
          value: ({ tier }) => tier,
        },
        {
          key: 'target',
          header: text('budgets.target'),
          end: true,
          cell: ({ month }) => percent(month.target),
          value: ({ month }) => month.target,
        },
        {
          key: 'month',
          header: text('budgets.month'),
          end: true,
          cell: ({ month }) => <Spent of={month} />,
          value: ({ month }) => month.spent,
        },
        {
          key: 'exams',
          header: text('budgets.exams'),
          end: true,
          cell: ({ exams }) => (exams === null ? '–' : <Spent of={exams} />),
          value: ({ exams }) => exams?.spent,
        },
        {
          key: 'freeze',
          header: text('budgets.freeze'),
          cell: ({ freeze }) => <FreezeTag of={freeze} />,
          value: ({ freeze }) => freeze,
        },
      ]}
    />
  );
}

/** How much of the room is spent, with the counts. */
function Spent({ of: { failed, allowed, spent } }: { of: Budget }) {
  const { text, percent, count } = useLanguage();
  return (
    <>
      {percent(spent)}
      <span className="when-there">
        {text('budgets.spent', { failed: count(failed), allowed: count(Math.round(allowed * 10) / 10) })}
      </span>
    </>
  );
}

function FreezeTag({ of: freeze }: { of: Freeze }) {
  const { text } = useLanguage();
  return <Tag tone={tones[freeze]}>{text(`freeze.${freeze}`)}</Tag>;
}

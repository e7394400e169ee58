import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Figure } from '../health/figures.tsx';

/** How long new integrations took over all institutions, and how old the open ones are. */
export function LeadTimes() {
  const { text, duration, count } = useLanguage();
  const times = useRead('hubLeadTimes', {});
  return (
    <Page title={text('nav.leadTimes')} about={text('leadTimes.about')}>
      <Loaded of={times}>
        {({ cohorts, openAges }) => {
          const ages = openAges.toSorted((left, right) => left - right);
          const at = (share: number) => ages[Math.min(ages.length - 1, Math.floor(ages.length * share))];
          const shown = (ms: number | undefined) => (ms === undefined ? '–' : duration(ms));
          return (
            <>
              <div className="figures">
                <Figure name={text('leadTimes.open')} value={count(ages.length)} />
                <Figure name={text('leadTimes.typicalAge')} value={shown(at(0.5))} />
                <Figure name={text('leadTimes.oldest')} value={shown(ages.at(-1))} />
              </div>
              <Section title={text('leadTimes.byMonth')}>
                <DataTable
                  name="lead-times"
                  label={text('leadTimes.byMonth')}
                  rows={cohorts}
                  rowKey={({ month }) => month}
                  empty={text('leadTimes.empty')}
                  columns={[
                    {
                      key: 'month',
                      header: text('leadTimes.month'),
                      cell: ({ month }) => month,
                      value: ({ month }) => month,
                    },
                    {
                      key: 'count',
                      header: text('leadTimes.count'),
                      end: true,
                      cell: (row) => count(row.count),
                      value: (row) => row.count,
                    },
                    {
                      key: 'p50',
                      header: text('leadTimes.p50'),
                      end: true,
                      cell: ({ p50 }) => duration(p50),
                      value: ({ p50 }) => p50,
                    },
                    {
                      key: 'p85',
                      header: text('leadTimes.p85'),
                      end: true,
                      cell: ({ p85 }) => duration(p85),
                      value: ({ p85 }) => p85,
                    },
                  ]}
                />
              </Section>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

import { Stack } from '@mantine/core';
import { lazy, type ReactNode, useState } from 'react';
import { toilKinds } from '../../../../contracts/burden.ts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { ChartOrTable } from '../../parts/chart-or-table.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Section } from '../../parts/page.tsx';
import { planToilMonths, rankToil } from './toil.ts';

const ToilChart = lazy(async () => ({ default: (await import('./toil-chart.tsx')).ToilChart }));

/** What the hub makes people do, by month and by partner. */
export function ToilView({
  toil,
  months,
  choice,
}: {
  toil: Reply<'showBurden'>['toil'];
  months: number;
  /** Of how many months. */
  choice: ReactNode;
}) {
  const { text, count, month } = useLanguage();
  const [now] = useState(() => Date.now());
  const byMonth = planToilMonths(toil, months, now);
  const ranked = rankToil(toil);
  type Counts = Omit<(typeof ranked)[number], 'partner'>;
  const number = <Row extends Counts>(
    key: keyof Counts,
    header: string,
    shown: (row: Row) => string,
  ): Column<Row> => ({ key, header, end: true, cell: shown, value: (row) => row[key] });
  const numbers = <Row extends Counts>() => [
    ...toilKinds.map((kind) => number<Row>(kind, text(`toil.${kind}`), (row) => count(row[kind]))),
    number<Row>('all', text('burden.all'), (row) => count(row.all)),
  ];
  return (
    <Stack gap="lg">
      <ChartOrTable
        title={text('burden.toil')}
        about={text('burden.toil.about')}
        actions={choice}
        chart={() => <ToilChart months={byMonth} />}
        table={() => (
          <DataTable
            name="toil"
            label={text('burden.toil')}
            rows={byMonth.toReversed()}
            rowKey={(row) => row.month}
            empty={text('burden.toil.empty')}
            columns={[
              {
                key: 'month',
                header: text('leadTimes.month'),
                cell: (row) => month(row.month),
                value: (row) => row.month,
              },
              ...numbers<(typeof byMonth)[number]>(),
            ]}
          />
        )}
      />
      <Section title={text('burden.toil.byPartner')}>
        <DataTable
          name="toil-by-partner"
          label={text('burden.toil.byPartner')}
          rows={ranked}
          rowKey={({ partner }) => partner ?? ''}
          empty={text('burden.toil.empty')}
          columns={[
            {
              key: 'partner',
              header: text('health.partner'),
              cell: ({ partner }) => partner ?? text('health.noPartner'),
              value: ({ partner }) => partner,
            },
            ...numbers<(typeof ranked)[number]>(),
            {
              key: 'perMonth',
              header: text('burden.perMonth'),
              end: true,
              cell: ({ all }) => count(Math.round((all / months) * 10) / 10),
              value: ({ all }) => all / months,
            },
          ]}
        />
      </Section>
    </Stack>
  );
}

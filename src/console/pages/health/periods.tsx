import { NativeSelect, Stack } from '@mantine/core';
import { useState } from 'react';
import type { NumberName } from '../../../../contracts/health.ts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ButtonLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { usePathValue, useUrlState } from '../../parts/url-state.ts';
import { oneOf } from '../../parts/url-values.ts';
import { Budgets } from './budgets.tsx';
import { ExchangeLink } from './exchange-link.tsx';
import { HealthTabs } from './health-tabs.tsx';
import { planRange } from './ranges.ts';
import { Rate, type RateValue } from './rate.tsx';
import { useNumbers } from './use-health.ts';

type Group = Reply<'hubHealth'>['groups'][number];
const choices = ['28d', '13w', '12m'] as const;

/** The numbers of all institutions by part of the school year. */
export function HubPeriods() {
  const { text } = useLanguage();
  return (
    <Page title={text('nav.periods')} about={text('periods.about')}>
      <PeriodTable />
    </Page>
  );
}

/** The numbers of one institution by part of the school year, and how much room for failures is left. */
export function OwnPeriods() {
  const { text } = useLanguage();
  const slug = usePathValue('slug');
  return (
    <Page
      title={text('nav.periods')}
      about={text('periods.about')}
      above={<HealthTabs slug={slug} />}
      actions={
        <ButtonLink to="/institutions/$slug/calendar" params={{ slug }} size="xs" variant="default">
          {text('periods.calendar')}
        </ButtonLink>
      }
    >
      <Stack gap="lg">
        <PeriodTable slug={slug} />
        <Budgets slug={slug} />
      </Stack>
    </Page>
  );
}

function PeriodTable({ slug }: { slug?: string }) {
  const { text, count } = useLanguage();
  const [url, change] = useUrlState();
  const [now] = useState(() => Date.now());
  const range = oneOf(choices, url.range) ?? '12m';
  const asked = planRange(range, now);
  const numbers = useNumbers(slug, { ...asked, groupBy: 'period', durations: 'false' });
  const named = ({ slice: { period } }: Group) => text(`period.${period ?? 'unknown'}`);
  const search = ({ slice: { period } }: Group, number: NumberName) => ({
    ...asked,
    number,
    period: period ?? 'unknown',
  });
  const rate = (
    key: string,
    header: string,
    number: NumberName,
    pick: (group: Group) => RateValue,
  ): Column<Group> => ({
    key,
    header,
    end: true,
    cell: (group) => (
      <Rate of={pick(group)}>
        {(shown) => (
          <ExchangeLink slug={slug} search={search(group, number)}>
            {shown}
          </ExchangeLink>
        )}
      </Rate>
    ),
    value: (group) => pick(group).share,
  });
  return (
    <Section title={text('periods.by')}>
      <Loaded of={numbers} lines={6}>
        {({ groups }) => (
          <DataTable
            name="periods"
            label={text('periods.by')}
            rows={groups}
            rowKey={({ slice }) => String(slice.period)}
            empty={text('periods.empty')}
            filters={
              <NativeSelect
                label={text('health.window')}
                value={range}
                onChange={({ currentTarget }) => change({ range: currentTarget.value })}
                data={choices.map((value) => ({ value, label: text(`chart.range.${value}`) }))}
              />
            }
            columns={[
              { key: 'period', header: text('periods.period'), cell: named, value: named },
              {
                key: 'ended',
                header: text('health.ended'),
                end: true,
                cell: (group) => (
                  <ExchangeLink slug={slug} search={search(group, 'ended')}>
                    {count(group.numbers.ended)}
                  </ExchangeLink>
                ),
                value: (group) => group.numbers.ended,
              },
              rate('failure', text('health.failureRate'), 'failed', (group) => group.numbers.failureRate),
              rate('firstTry', text('health.firstTry'), 'retried', (group) => group.numbers.firstTrySuccess),
              rate('people', text('health.userErrors'), 'userErrors', (group) => group.numbers.userErrorRate),
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

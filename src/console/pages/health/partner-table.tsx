import type { NumberName, WindowName } from '../../../../contracts/health.ts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Section } from '../../parts/page.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { ExchangeLink } from './exchange-link.tsx';
import { sortLines } from './lines.ts';
import { Rate, type RateValue } from './rate.tsx';
import { noPartner } from './use-health.ts';

type Line = Reply<'hubOverview'>['lines'][number];

/** A line for each partner and kind of exchange; every number opens the rows behind it. */
export function PartnerTable({
  overview,
  window,
  slug,
}: {
  overview: Reply<'hubOverview'>;
  window: WindowName;
  slug: string | undefined;
}) {
  const { text, count, duration } = useLanguage();
  const [url, change] = useUrlState();
  const by = url.sort ?? 'ended';
  const order = url.order === 'asc' ? 'asc' : 'desc';
  const search = (line: Line, number: NumberName) => ({
    number,
    window,
    partner: line.slice.partner ?? noPartner,
    kind: line.slice.kind,
  });
  const rate = (
    key: string,
    header: string,
    number: NumberName,
    pick: (line: Line) => RateValue,
  ): Column<Line> => ({
    key,
    header,
    end: true,
    sorts: true,
    value: (line) => pick(line).share,
    cell: (line) => (
      <Rate of={pick(line)}>
        {(shown) => (
          <ExchangeLink slug={slug} search={search(line, number)}>
            {shown}
          </ExchangeLink>
        )}
      </Rate>
    ),
  });
  const columns: Column<Line>[] = [
    {
      key: 'partner',
      header: text('health.partner'),
      sorts: true,
      cell: ({ slice }) => slice.partner ?? text('health.noPartner'),
      value: ({ slice }) => slice.partner ?? '',
    },
    {
      key: 'kind',
      header: text('health.kind'),
      cell: ({ slice }) => (slice.kind ? text(`kind.${slice.kind}`) : '–'),
      value: ({ slice }) => slice.kind,
    },
    {
      key: 'ended',
      header: text('health.ended'),
      end: true,
      sorts: true,
      cell: (line) => (
        <ExchangeLink slug={slug} search={search(line, 'ended')}>
          {count(line.windows[window].ended)}
        </ExchangeLink>
      ),
      value: ({ windows }) => windows[window].ended,
    },
    rate('failure', text('health.failureRate'), 'failed', ({ windows }) => windows[window].failureRate),
    rate('firstTry', text('health.firstTry'), 'retried', ({ windows }) => windows[window].firstTrySuccess),
    rate('people', text('health.userErrors'), 'userErrors', ({ windows }) => windows[window].userErrorRate),
    {
      key: 'p50',
      header: text('health.p50'),
      end: true,
      cell: ({ durations }) => (durations?.p50 == null ? '–' : duration(durations.p50)),
      value: ({ durations }) => durations?.p50,
    },
    {
      key: 'p95',
      header: text('health.p95'),
      end: true,
      cell: ({ durations }) => (durations?.p95 == null ? '–' : duration(durations.p95)),
      value: ({ durations }) => durations?.p95,
    },
    {
      key: 'lastSuccess',
      header: text('health.lastSuccess'),
      cell: ({ windows }) => <When at={windows['28d'].lastSuccess} relative />,
      value: ({ windows }) => windows['28d'].lastSuccess,
    },
  ];
  return (
    <Section title={text('health.byPartner')}>
      <DataTable
        name="health-by-partner"
        label={text('health.byPartner')}
        rows={sortLines(overview.lines, window, by, order)}
        rowKey={({ slice }) => `${slice.partner}/${slice.kind}`}
        columns={columns}
        sorting={{ by, order, change: (sort, direction) => change({ sort, order: direction }) }}
        empty={text('health.empty')}
      />
    </Section>
  );
}

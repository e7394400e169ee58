import { outcomes } from '../../../../contracts/health.ts';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Choice } from '../../parts/choice.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { Tag } from '../../parts/tag.tsx';
import { usePathValue, useUrlState } from '../../parts/url-state.ts';
import { oneOf } from '../../parts/url-values.ts';
import { When } from '../../parts/when.tsx';
import { toneOfOutcome } from '../health/tones.ts';

type Launch = Reply<'listLaunches'>['launches'][number];

/** Launches of an institution, found by the reference that people read out, by tool, outcome or reason. */
export function LaunchList() {
  const { text } = useLanguage();
  const slug = usePathValue('slug');
  const [url, change] = useUrlState();
  const outcome = oneOf(outcomes, url.outcome);
  const query = {
    limit: 50,
    ...(url.reference ? { reference: url.reference } : {}),
    ...(url.tool ? { tool: url.tool } : {}),
    ...(url.reason ? { reason: url.reason } : {}),
    ...(outcome ? { outcome } : {}),
    ...(url.before ? { before: url.before } : {}),
  };
  const launches = useRead('listLaunches', { params: { slug }, query }, { keep: true });
  const columns: Column<Launch>[] = [
    {
      key: 'reference',
      header: text('launches.reference'),
      cell: ({ reference }) => (
        <TextLink to="/institutions/$slug/launches/$reference" params={{ slug, reference }} className="code">
          {reference}
        </TextLink>
      ),
      value: ({ reference }) => reference,
    },
    {
      key: 'startedAt',
      header: text('launches.startedAt'),
      cell: ({ startedAt }) => <When at={startedAt} />,
      value: ({ startedAt }) => startedAt,
    },
    {
      key: 'outcome',
      header: text('exchanges.outcome'),
      cell: (row) =>
        row.outcome === null ? (
          <Tag tone="busy">{text('launches.underWay')}</Tag>
        ) : (
          <Tag tone={toneOfOutcome(row.outcome)}>{text(`outcome.${row.outcome}`)}</Tag>
        ),
      value: (row) => row.outcome,
    },
    {
      key: 'reason',
      header: text('exchanges.reason'),
      cell: ({ reason }) => (reason === null ? '–' : <span className="code">{reason}</span>),
      value: ({ reason }) => reason,
    },
    {
      key: 'tool',
      header: text('launches.tool'),
      cell: ({ tool }) => tool ?? '–',
      value: ({ tool }) => tool,
    },
    {
      key: 'from',
      header: text('launches.from'),
      cell: ({ from }) => text(`launches.from.${from}`),
      value: ({ from }) => from,
    },
  ];
  return (
    <Page title={text('nav.launches')} about={text('launches.about')}>
      <Loaded of={launches}>
        {(data) => (
          <DataTable
            name="launches"
            label={text('nav.launches')}
            rows={data.launches}
            rowKey={({ launchId }) => launchId}
            columns={columns}
            empty={text('launches.empty')}
            filters={
              <>
                <SearchBox
                  label={text('launches.reference')}
                  value={url.reference}
                  maxLength={50}
                  onChange={(reference) => change({ reference })}
                />
                <Choice
                  label={text('exchanges.outcome')}
                  value={outcome}
                  options={outcomes.map((value) => ({ value, label: text(`outcome.${value}`) }))}
                  onChange={(value) => change({ outcome: value })}
                />
                <SearchBox
                  label={text('launches.reasonCode')}
                  value={url.reason}
                  onChange={(reason) => change({ reason })}
                />
              </>
            }
            pager={<Pager now={url.before} next={data.next} turn={(before) => change({ before })} />}
          />
        )}
      </Loaded>
    </Page>
  );
}

import { Button, Select } from '@mantine/core';
import { calendarPeriods } from '../../../../contracts/calendars.ts';
import { exchangeKinds, type NumberName, numberNames, windowMs } from '../../../../contracts/health.ts';
import { buildAddress } from '../../api/address.ts';
import { lineOf, type Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Tag } from '../../parts/tag.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { oneOf } from '../../parts/url-values.ts';
import { When } from '../../parts/when.tsx';
import { PartnerChip } from './partner-chip.tsx';
import { toneOfOutcome } from './tones.ts';
import { askedOf, useExchanges } from './use-health.ts';

type Exchange = Reply<'hubExchanges'>['exchanges'][number];
const windows = Object.keys(windowMs) as (keyof typeof windowMs)[];
const periods = [...calendarPeriods, 'unknown'] as const;
const numbers = Object.keys(numberNames) as NumberName[];

/** The exchanges behind a number of all institutions. */
export function HubExchanges() {
  const { text } = useLanguage();
  return (
    <Page title={text('exchanges.title')} above={<TextLink to="/health">{text('nav.health')}</TextLink>}>
      <ExchangesView />
    </Page>
  );
}

/** The exchanges behind a number: what was tried, and how each try ended. */
export function ExchangesView({ slug }: { slug?: string }) {
  const { text, duration, word, instant } = useLanguage();
  const [url, change] = useUrlState();
  const kind = oneOf(exchangeKinds, url.kind);
  const between = url.from !== undefined && url.to !== undefined ? { from: url.from, to: url.to } : undefined;
  const window = oneOf(windows, url.window) ?? '24h';
  const period = oneOf(periods, url.period);
  const query = {
    number: oneOf(numbers, url.number) ?? 'ended',
    ...(between ?? { window }),
    limit: 50,
    ...(period === undefined ? {} : { period }),
    ...(kind === undefined ? {} : { kind }),
    ...(url.partner === undefined ? {} : { partner: url.partner }),
    ...(url.connectionId === undefined ? {} : { connectionId: url.connectionId }),
  };
  const place = url.before === undefined ? {} : { before: url.before };
  const exchanges = useExchanges(slug, { ...query, ...place });
  const file = lineOf(slug === undefined ? 'downloadHubExchanges' : 'downloadTenantExchanges');
  const columns: Column<Exchange>[] = [
    {
      key: 'endedAt',
      header: text('exchanges.endedAt'),
      cell: ({ endedAt }) => <When at={endedAt} />,
      value: ({ endedAt }) => endedAt,
    },
    {
      key: 'kind',
      header: text('health.kind'),
      cell: (row) => text(`kind.${row.kind}`),
      value: (row) => row.kind,
    },
    {
      key: 'partner',
      header: text('health.partner'),
      cell: ({ partner }) => partner ?? '–',
      value: ({ partner }) => partner,
    },
    {
      key: 'outcome',
      header: text('exchanges.outcome'),
      cell: ({ outcome }) => <Tag tone={toneOfOutcome(outcome)}>{text(`outcome.${outcome}`)}</Tag>,
      value: ({ outcome }) => outcome,
    },
    {
      key: 'reason',
      header: text('exchanges.reason'),
      cell: ({ reason }) => (reason === null ? '–' : <span className="code">{reason}</span>),
      value: ({ reason }) => reason,
    },
    {
      key: 'attempts',
      header: text('exchanges.attempts'),
      end: true,
      cell: ({ attempts, tries }) => (
        <span title={tries.map((each) => `${each.attempt}: ${word('outcome', each.outcome)}`).join(', ')}>
          {attempts}
        </span>
      ),
      value: ({ attempts }) => attempts,
    },
    {
      key: 'took',
      header: text('exchanges.took'),
      end: true,
      cell: ({ startedAt, endedAt }) => duration(Date.parse(endedAt) - Date.parse(startedAt)),
      value: ({ startedAt, endedAt }) => Date.parse(endedAt) - Date.parse(startedAt),
    },
    {
      key: 'exchangeId',
      header: text('exchanges.id'),
      cell: ({ exchangeId }) => <span className="code">{exchangeId}</span>,
      value: ({ exchangeId }) => exchangeId,
    },
  ];
  return (
    <Loaded of={exchanges} lines={8}>
      {(data) => (
        <DataTable
          name="exchanges"
          label={text('exchanges.title')}
          rows={data.exchanges}
          rowKey={({ exchangeId, endedAt }) => `${exchangeId} ${endedAt}`}
          columns={columns}
          empty={text('exchanges.empty')}
          filters={
            <>
              <Select
                label={text('exchanges.number')}
                allowDeselect={false}
                value={query.number}
                onChange={(number) => change({ number: number ?? undefined })}
                data={numbers.map((value) => ({ value, label: text(`number.${value}`) }))}
                w={250}
              />
              <Select
                label={text('health.window')}
                allowDeselect={false}
                value={between === undefined ? window : null}
                placeholder={between && `${instant(between.from)} –`}
                onChange={(chosen) => change({ window: chosen ?? undefined, from: undefined, to: undefined })}
                data={windows.map((value) => ({ value, label: text(`health.window.${value}`) }))}
                w={140}
              />
              <Select
                label={text('health.kind')}
                placeholder={text('table.any')}
                clearable
                clearButtonProps={{ 'aria-label': text('table.clear') }}
                value={kind ?? null}
                onChange={(chosen) => change({ kind: chosen ?? undefined })}
                data={exchangeKinds.map((value) => ({ value, label: text(`kind.${value}`) }))}
                w={180}
              />
              {period !== undefined && (
                <Button variant="default" onClick={() => change({ period: undefined })}>
                  {text(`period.${period}`)} ✕
                </Button>
              )}
              <PartnerChip />
              <Button
                component="a"
                variant="default"
                href={buildAddress(file.path, { slug }, { ...askedOf(query), limit: 1000 })}
                download
              >
                {text('exchanges.all')}
              </Button>
            </>
          }
          pager={<Pager now={url.before} next={data.next} turn={(before) => change({ before })} />}
        />
      )}
    </Loaded>
  );
}

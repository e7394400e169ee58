import { NativeSelect, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Note } from '../../parts/note.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { Figure } from '../health/figures.tsx';
import { ToilView } from './toil-view.tsx';
import { AddWork, ImportWork } from './work-forms.tsx';

type Burden = NonNullable<Reply<'showBurden'>['term']>;
const choices = [3, 6, 12, 18] as const;

/** How much work only keeps integrations going, and what the hub makes people do. */
export function BurdenPage() {
  const { text } = useLanguage();
  const { can } = useSession();
  const [url, change] = useUrlState();
  const months = choices.find((each) => String(each) === url.months) ?? 12;
  const burden = useRead('showBurden', { query: { months } }, { keep: true });
  const [taken, setTaken] = useState<number>();
  return (
    <Page
      title={text('nav.burden')}
      about={text('burden.about')}
      actions={
        can('health:write') && (
          <>
            <ImportWork onDone={setTaken} />
            <AddWork onDone={setTaken} />
          </>
        )
      }
    >
      {taken !== undefined && (
        <Note tone="good" role="status" title={text('burden.imported', { count: taken })} />
      )}
      <Loaded of={burden} lines={10}>
        {({ month, term, toil }) => (
          <Stack gap="lg">
            <Shares month={month} term={term} />
            <Section title={text('burden.byPartner')}>
              <ByPartner month={month} term={term} />
            </Section>
            <ToilView
              toil={toil}
              months={months}
              choice={
                <NativeSelect
                  size="xs"
                  aria-label={text('burden.months')}
                  value={String(months)}
                  onChange={({ currentTarget }) => change({ months: currentTarget.value })}
                  data={choices.map((count) => ({
                    value: String(count),
                    label: text('burden.months.count', { count }),
                  }))}
                />
              }
            />
            <Sources />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Shares({ month, term }: { month: Burden; term: Burden | null }) {
  const { text, percent, hours, day } = useLanguage();
  const share = ({ total }: Burden) =>
    total.share === null ? text('burden.share.none') : percent(total.share);
  const time = ({ total: { existing, created } }: Burden) =>
    existing + created === 0 ? undefined : text('burden.ofTime', { time: hours(existing + created) });
  return (
    <div className="figures">
      <Figure
        name={`${text('burden.share')}: ${text('burden.month')}`}
        value={share(month)}
        about={time(month)}
      />
      <Figure
        name={`${text('burden.share')}: ${text('burden.term')}`}
        value={term === null ? '–' : share(term)}
        about={
          term === null
            ? text('burden.noTerm')
            : [time(term), text('burden.since', { day: day(term.from) })].filter(Boolean).join(' · ')
        }
      />
      <Figure
        name={text('burden.existing')}
        value={hours(month.total.existing)}
        about={text('burden.month')}
      />
      <Figure name={text('burden.created')} value={hours(month.total.created)} about={text('burden.month')} />
    </div>
  );
}

function ByPartner({ month, term }: { month: Burden; term: Burden | null }) {
  const { text, hours, percent } = useLanguage();
  const inTerm = new Map(term?.partners.map((each) => [each.partner, each]));
  const inMonth = new Map(month.partners.map((each) => [each.partner, each]));
  const rows = [...new Set([...inMonth.keys(), ...inTerm.keys()])];
  const shown = (minutes: number | undefined) => (minutes === undefined ? '–' : hours(minutes));
  return (
    <DataTable
      name="burden-by-partner"
      label={text('burden.byPartner')}
      rows={rows}
      rowKey={(partner) => partner ?? ''}
      empty={text('burden.empty')}
      columns={[
        {
          key: 'partner',
          header: text('health.partner'),
          cell: (partner) => partner ?? text('health.noPartner'),
          value: (partner) => partner,
        },
        {
          key: 'existing',
          header: `${text('burden.existing')}, ${text('burden.month')}`,
          end: true,
          cell: (partner) => shown(inMonth.get(partner)?.existing),
          value: (partner) => inMonth.get(partner)?.existing,
        },
        {
          key: 'created',
          header: `${text('burden.created')}, ${text('burden.month')}`,
          end: true,
          cell: (partner) => shown(inMonth.get(partner)?.created),
          value: (partner) => inMonth.get(partner)?.created,
        },
        {
          key: 'share',
          header: text('burden.share'),
          end: true,
          cell: (partner) => {
            const share = inMonth.get(partner)?.share;
            return share == null ? '–' : percent(share);
          },
          value: (partner) => inMonth.get(partner)?.share,
        },
        {
          key: 'term',
          header: `${text('burden.existing')}, ${text('burden.term')}`,
          end: true,
          cell: (partner) => shown(inTerm.get(partner)?.existing),
          value: (partner) => inTerm.get(partner)?.existing,
        },
      ]}
    />
  );
}

function Sources() {
  const { text } = useLanguage();
  const sources = useRead('listWorkSources', {});
  return (
    <Section title={text('burden.sources')}>
      <Loaded of={sources} lines={2}>
        {(data) => (
          <DataTable
            plain
            name="work-sources"
            label={text('burden.sources')}
            rows={data.sources}
            rowKey={({ sourceId }) => sourceId}
            empty={text('burden.sources.empty')}
            columns={[
              { key: 'name', header: text('overview.name'), cell: ({ name }) => name },
              {
                key: 'shape',
                header: text('health.kind'),
                cell: ({ shape }) => ({ github: 'GitHub', gitlab: 'GitLab', jira: 'Jira' })[shape],
              },
              {
                key: 'since',
                header: text('burden.sources.since'),
                cell: ({ createdAt }) => <When at={createdAt} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

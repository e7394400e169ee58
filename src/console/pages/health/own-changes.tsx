import { NativeSelect, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { changeTypes } from '../../../../contracts/changes.ts';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import type { Tone } from '../../parts/tone.ts';
import { usePathValue, useUrlState } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { Figure } from './figures.tsx';
import { HealthTabs } from './health-tabs.tsx';

type Change = Reply<'listChanges'>['changes'][number];
type Verdict = NonNullable<Change['comparison']>['verdict'];
const choices = [28, 90, 180, 365] as const;
const tones: Readonly<Record<Verdict, Tone>> = { worse: 'bad', better: 'good', unclear: 'calm' };

/** What was changed on a school's live integrations, and what came of it. */
export function OwnChanges() {
  const { text } = useLanguage();
  const slug = usePathValue('slug');
  const [url, change] = useUrlState();
  const days = choices.find((each) => String(each) === url.days) ?? 90;
  const changes = useRead('listChanges', { params: { slug }, query: { days } }, { keep: true });
  return (
    <Page title={text('nav.changes')} about={text('changes.about')} above={<HealthTabs slug={slug} />}>
      <Loaded of={changes} lines={8}>
        {({ changes: rows, rate }) => (
          <Stack gap="lg">
            <Rates rate={rate} />
            <ChangeTable
              rows={rows}
              filters={
                <NativeSelect
                  label={text('changes.days')}
                  value={String(days)}
                  onChange={({ currentTarget }) => change({ days: currentTarget.value })}
                  data={choices.map((count) => ({
                    value: String(count),
                    label: text('changes.days.count', { count }),
                  }))}
                />
              }
            />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

/** How many changes failed, in all and by type: those without a change are left out. */
function Rates({ rate: { all, byType } }: { rate: Reply<'listChanges'>['rate'] }) {
  const { text, count, percent } = useLanguage();
  const shown = ({ changes, failed }: typeof all) =>
    changes === 0 ? '–' : `${percent(failed / changes)} (${text('changes.rate.of', { failed, changes })})`;
  return (
    <div className="figures">
      <Figure name={text('changes.rate')} value={shown(all)} />
      {changeTypes.map((type) => {
        const own = byType[type];
        if (own === undefined || own.changes === 0) return null;
        return <Figure key={type} name={text(`changeType.${type}`)} value={shown(own)} />;
      })}
      <Figure name={text('changes.unsettled')} value={count(all.unsettled)} />
    </div>
  );
}

function ChangeTable({ rows, filters }: { rows: readonly Change[]; filters: ReactNode }) {
  const { text, percent } = useLanguage();
  const share = ({ valid, failed }: { valid: number; failed: number }) =>
    valid === 0 ? '–' : percent(failed / valid);
  const side = (key: 'before' | 'after'): Column<Change> => ({
    key,
    header: text(`changes.${key}`),
    end: true,
    cell: ({ comparison }) => (comparison === null ? '–' : share(comparison[key])),
    value: ({ comparison }) => comparison && comparison[key].failed / comparison[key].valid,
  });
  return (
    <DataTable
      name="changes"
      label={text('nav.changes')}
      rows={rows.toReversed()}
      rowKey={({ changeId }) => changeId}
      empty={text('changes.empty')}
      filters={filters}
      columns={[
        {
          key: 'at',
          header: text('changes.at'),
          cell: ({ at }) => <When at={at} />,
          value: ({ at }) => at,
        },
        {
          key: 'type',
          header: text('changes.type'),
          cell: ({ type, reverts }) => (
            <>
              {text(`changeType.${type}`)}
              {reverts !== null && <span className="when-there">{text('changes.reverts')}</span>}
            </>
          ),
          value: ({ type }) => type,
        },
        {
          key: 'action',
          header: text('changes.action'),
          cell: ({ action }) => <span className="code">{action}</span>,
          value: ({ action }) => action,
        },
        {
          key: 'actor',
          header: text('changes.actor'),
          cell: ({ actor }) => <span className="code">{actor}</span>,
          value: ({ actor }) => actor,
        },
        {
          key: 'result',
          header: text('changes.result'),
          cell: (row) => <Result of={row} />,
          value: ({ failures, isSettled }) => (isSettled ? failures.join(' ') || 'held' : ''),
        },
        side('before'),
        side('after'),
        {
          key: 'verdict',
          header: text('changes.verdict'),
          cell: ({ comparison }) =>
            comparison === null ? (
              '–'
            ) : (
              <Tag tone={tones[comparison.verdict]}>{text(`verdict.${comparison.verdict}`)}</Tag>
            ),
          value: ({ comparison }) => comparison?.verdict,
        },
      ]}
    />
  );
}

function Result({ of: { failures, isSettled } }: { of: Change }) {
  const { text } = useLanguage();
  if (failures.length > 0) {
    return failures.map((failure) => (
      <Tag key={failure} tone="bad">
        {text(`changeFailure.${failure}`)}
      </Tag>
    ));
  }
  return isSettled ? (
    <Tag tone="good">{text('changes.held')}</Tag>
  ) : (
    <Tag tone="calm">{text('changes.waiting')}</Tag>
  );
}

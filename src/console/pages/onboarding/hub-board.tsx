import { Checkbox, Stack, UnstyledButton } from '@mantine/core';
import { onboardingKinds, onboardingStages, waitingSides } from '../../../../contracts/onboarding.ts';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Choice } from '../../parts/choice.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { oneOf, sortOf } from '../../parts/url-values.ts';
import { boardColumns } from './board-columns.tsx';

type Stages = Reply<'hubOnboardings'>['stages'];
const sorts = ['promisedOn', 'requestedAt', 'stage', 'dwell', 'institution'] as const;

/** What is under way at every institution: how much is in each stage, whom it waits for, and whether promises will be kept. */
export function HubBoard() {
  const { text, ...language } = useLanguage();
  const [url, change] = useUrlState();
  const { sort, order } = sortOf(sorts, url);
  const [stage, kind, waitingOn] = [
    oneOf(onboardingStages, url.stage),
    oneOf(onboardingKinds, url.kind),
    oneOf(waitingSides, url.waitingOn),
  ];
  const query = {
    sort,
    order,
    limit: 50,
    ...(url.search ? { search: url.search } : {}),
    ...(stage ? { stage } : {}),
    ...(kind ? { kind } : {}),
    ...(waitingOn ? { waitingOn } : {}),
    ...(url.overdue === 'true' ? { overdue: 'true' as const } : {}),
    ...(url.after ? { after: url.after } : {}),
  } as const;
  const board = useRead('hubOnboardings', { query }, { keep: true });
  return (
    <Page
      title={text('nav.onboarding')}
      about={
        <>
          {text('board.about')}{' '}
          <TextLink to="/lead-times" underline="always">
            {text('nav.leadTimes')}
          </TextLink>
        </>
      }
    >
      <Loaded of={board} lines={10}>
        {(data) => (
          <Stack gap="md">
            <StageCounts stages={data.stages} chosen={stage} choose={(each) => change({ stage: each })} />
            <DataTable
              name="onboarding"
              label={text('nav.onboarding')}
              rows={data.onboardings}
              total={data.total}
              rowKey={({ onboardingId }) => onboardingId}
              empty={text('board.empty')}
              sorting={{ by: sort, order, change: (by, way) => change({ sort: by, order: way }) }}
              columns={boardColumns({ text, ...language })}
              filters={
                <>
                  <SearchBox
                    label={text('board.search')}
                    value={url.search}
                    onChange={(search) => change({ search })}
                  />
                  <Choice
                    label={text('health.kind')}
                    value={kind}
                    options={onboardingKinds.map((value) => ({ value, label: text(`connection.${value}`) }))}
                    onChange={(value) => change({ kind: value })}
                  />
                  <Choice
                    label={text('institutions.waitingOn')}
                    value={waitingOn}
                    options={waitingSides.map((value) => ({ value, label: text(`side.${value}`) }))}
                    onChange={(value) => change({ waitingOn: value })}
                  />
                  <Checkbox
                    label={text('board.overdueOnly')}
                    checked={url.overdue === 'true'}
                    onChange={({ currentTarget }) =>
                      change({ overdue: currentTarget.checked ? 'true' : undefined })
                    }
                  />
                </>
              }
              pager={<Pager now={url.after} next={data.next} turn={(after) => change({ after })} />}
            />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

/** How many are in each stage; pressing one shows those alone. */
function StageCounts({
  stages,
  chosen,
  choose,
}: {
  stages: Stages;
  chosen: string | undefined;
  choose: (stage: string | undefined) => void;
}) {
  const { text, count, duration } = useLanguage();
  return (
    <ul className="stage-counts" aria-label={text('board.byStage')}>
      {stages.map(({ stage, open, overdue, typicalAgeMs }) => (
        <li key={stage}>
          <UnstyledButton
            className="stage-count"
            aria-pressed={stage === chosen}
            onClick={() => choose(stage === chosen ? undefined : stage)}
          >
            <strong>{count(open)}</strong> <span>{text(`stage.${stage}`)}</span>{' '}
            {typicalAgeMs !== null && (
              <span>{text('board.typicalAge', { age: duration(typicalAgeMs) })}</span>
            )}{' '}
            {overdue > 0 && <span>{text('board.overdue', { overdue: count(overdue) })}</span>}
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}

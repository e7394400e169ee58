import { Button } from '@mantine/core';
import { buildAddress } from '../../api/address.ts';
import { lineOf, type Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Facts } from '../../parts/facts.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Note } from '../../parts/note.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { Findings } from './findings.tsx';
import { sumOf } from './plan-sums.ts';
import { PlanView } from './plan-view.tsx';
import { RunProgress } from './run-progress.tsx';
import { isUnderWay, runTones } from './tones.ts';

type Run = Reply<'showRun'>['run'];
/** Where a run is found. */
export type RunParams = { slug: string; connectionId: string; runId: string };

/** One run of a roster: how far it is, what it would change, and what it found wrong in the source. */
export function RunPage() {
  const { text } = useLanguage();
  const params: RunParams = {
    slug: usePathValue('slug'),
    connectionId: usePathValue('connectionId'),
    runId: usePathValue('runId'),
  };
  const shown = useRead(
    'showRun',
    { params },
    { every: 2_000, isLast: ({ run: { state } }) => !isUnderWay(state) },
  );
  const run = shown.data?.run;
  const hasPlan = run != null && run.plannedAt !== null;
  const plan = useRead('showPlan', { params }, { enabled: hasPlan });
  const file = lineOf('downloadFindings');
  return (
    <Page
      title={run === undefined ? text('runs.title') : text('runs.name', { no: run.runNo })}
      above={
        <TextLink to="/institutions/$slug/rosters/$connectionId" params={params}>
          {text('rosters.one')}
        </TextLink>
      }
      actions={run && <RunActions run={run} params={params} plan={plan.data?.plan} />}
    >
      <Loaded of={shown}>{(data) => <RunState run={data.run} />}</Loaded>
      {run && isUnderWay(run.state) && <RunProgress run={run} params={params} />}
      {hasPlan && <Loaded of={plan}>{(data) => <PlanView plan={data.plan} />}</Loaded>}
      <Section
        title={text('findings.title')}
        actions={
          <Button component="a" size="xs" variant="default" href={buildAddress(file.path, params)} download>
            {text('findings.download')}
          </Button>
        }
      >
        <Findings params={params} />
      </Section>
    </Page>
  );
}

function RunState({ run }: { run: Run }) {
  const { text } = useLanguage();
  return (
    <>
      {run.advice !== null && (
        <Note tone={run.state === 'failed' ? 'bad' : 'warn'} title={run.reason}>
          {run.advice}
        </Note>
      )}
      <Facts
        of={[
          [
            text('overview.state'),
            <span key="state" role="status">
              <Tag tone={runTones[run.state]}>{text(`run.${run.state}`)}</Tag>
            </span>,
          ],
          [text('runs.mode'), text(`runMode.${run.mode}`)],
          [text('runs.dry.name'), text(run.dry ? 'word.yes' : 'word.no')],
          [text('runs.requestedAt'), <When key="requested" at={run.requestedAt} />],
          [text('runs.endedAt'), <When key="ended" at={run.endedAt} />],
          [text('runs.requestedBy'), run.requestedBy],
          ...(run.expiresAt && run.state === 'held'
            ? ([[text('runs.expiresAt'), <When key="expires" at={run.expiresAt} />]] as const)
            : []),
        ]}
      />
    </>
  );
}

function RunActions({
  run,
  params,
  plan,
}: {
  run: Run;
  params: RunParams;
  plan: Reply<'showPlan'>['plan'] | undefined;
}) {
  const { text, count } = useLanguage();
  const { can } = useSession();
  if (!can('rosters:write')) return null;
  const input = (reason: string | undefined) => ({ params, body: withReason(reason) });
  const sums = plan && sumOf(plan.counts);
  const changes =
    sums &&
    text('plan.sentence', {
      created: count(sums.created),
      changed: count(sums.changed),
      removed: count(sums.removed),
      restored: count(sums.restored),
    });
  return (
    <>
      {run.state === 'held' && (
        <>
          <Act name="approveRun" label={text('runs.approve')} input={input} primary>
            <p>{text('runs.approve.about')}</p>
            <p>{changes}</p>
          </Act>
          <Act name="discardRun" label={text('runs.discard')} input={input}>
            {text('runs.discard.about')}
          </Act>
        </>
      )}
      {isUnderWay(run.state) && (
        <Act name="cancelRun" label={text('runs.cancel')} input={input}>
          {text('runs.cancel.about')}
        </Act>
      )}
      {run.state === 'applied' && (
        <Act
          name="undoRun"
          label={text('runs.undo')}
          input={input}
          danger
          typeName={text('runs.name', { no: run.runNo })}
        >
          <p>{text('runs.undo.about')}</p>
          <p>{changes}</p>
        </Act>
      )}
    </>
  );
}

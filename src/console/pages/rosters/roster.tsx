import { useNavigate } from '@tanstack/react-router';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Tag } from '../../parts/tag.tsx';
import { usePathValue, useUrlState } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { runTones, sourceTones } from './tones.ts';

type Roster = Reply<'showRoster'>['roster'];
type Run = Reply<'listRuns'>['runs'][number];
const pageSize = 25;

/** One source of a roster: how it is set up, and its runs. */
export function RosterPage() {
  const { text } = useLanguage();
  const slug = usePathValue('slug');
  const connectionId = usePathValue('connectionId');
  const shown = useRead('showRoster', { params: { slug, connectionId } });
  const roster = shown.data?.roster;
  return (
    <Page
      title={roster?.name ?? text('rosters.one')}
      above={
        <TextLink to="/institutions/$slug/rosters" params={{ slug }}>
          {text('nav.rosters')}
        </TextLink>
      }
      actions={roster && <RosterActions roster={roster} slug={slug} />}
    >
      <Loaded of={shown}>
        {(data) => (
          <Facts
            of={[
              [
                text('overview.state'),
                <Tag key="state" tone={sourceTones[data.roster.status]}>
                  {text(`connectionState.${data.roster.status}`)}
                </Tag>,
              ],
              [text('rosters.connector'), data.roster.connector],
              [text('rosters.next'), <When key="next" at={data.roster.nextRunAt} />],
              [text('rosters.schools'), data.roster.schools?.length ?? text('rosters.schools.all')],
              [text('rosters.grace'), text('rosters.days', { count: data.roster.graceDays })],
              [text('rosters.planDays'), text('rosters.days', { count: data.roster.planDays })],
            ]}
          />
        )}
      </Loaded>
      <Runs slug={slug} connectionId={connectionId} />
    </Page>
  );
}

function RosterActions({ roster, slug }: { roster: Roster; slug: string }) {
  const { text } = useLanguage();
  const { can } = useSession();
  const navigate = useNavigate();
  if (!can('rosters:write') || roster.status === 'disabled') return null;
  const params = { slug, connectionId: roster.connectionId };
  const open = ({ run }: Reply<'startRun'>) =>
    void navigate({
      to: '/institutions/$slug/rosters/$connectionId/runs/$runId',
      params: { ...params, runId: run.runId },
    });
  const start = (dry: boolean) => (reason: string | undefined) => ({
    params,
    body: { mode: 'full' as const, dry, ...withReason(reason) },
  });
  const change = (reason: string | undefined) => ({ params, body: withReason(reason) });
  return (
    <>
      <Act name="startRun" label={text('rosters.preview')} input={start(true)} onDone={open}>
        {text('rosters.preview.about')}
      </Act>
      <Act name="startRun" label={text('rosters.run')} input={start(false)} onDone={open} primary>
        {text('rosters.run.about')}
      </Act>
      {roster.status === 'active' ? (
        <Act name="pauseRoster" label={text('rosters.pause')} input={change}>
          {text('rosters.pause.about')}
        </Act>
      ) : (
        <Act name="resumeRoster" label={text('rosters.resume')} input={change}>
          {text('rosters.resume.about')}
        </Act>
      )}
      <Act name="disableRoster" label={text('rosters.disable')} input={change} danger typeName={roster.name}>
        {text('rosters.disable.about')}
      </Act>
    </>
  );
}

function Runs({ slug, connectionId }: { slug: string; connectionId: string }) {
  const { text, count } = useLanguage();
  const [url, change] = useUrlState();
  const query = { limit: pageSize, ...(url.before ? { before: url.before } : {}) };
  const runs = useRead('listRuns', { params: { slug, connectionId }, query }, { keep: true, every: 15_000 });
  const columns: Column<Run>[] = [
    {
      key: 'runNo',
      header: text('runs.no'),
      cell: ({ runId, runNo }) => (
        <TextLink
          to="/institutions/$slug/rosters/$connectionId/runs/$runId"
          params={{ slug, connectionId, runId }}
        >
          {text('runs.name', { no: runNo })}
        </TextLink>
      ),
      value: ({ runNo }) => runNo,
    },
    {
      key: 'state',
      header: text('overview.state'),
      cell: ({ state }) => <Tag tone={runTones[state]}>{text(`run.${state}`)}</Tag>,
      value: ({ state }) => state,
    },
    {
      key: 'mode',
      header: text('runs.mode'),
      cell: ({ mode, dry }) =>
        [text(`runMode.${mode}`), dry ? text('runs.dry') : ''].filter(Boolean).join(', '),
      value: ({ mode }) => mode,
    },
    {
      key: 'requestedAt',
      header: text('runs.requestedAt'),
      cell: ({ requestedAt }) => <When at={requestedAt} />,
      value: ({ requestedAt }) => requestedAt,
    },
    {
      key: 'applied',
      header: text('runs.changed'),
      end: true,
      cell: ({ applied }) =>
        applied ? count(applied.created + applied.changed + applied.removed + applied.restored) : '–',
      value: ({ applied }) =>
        applied && applied.created + applied.changed + applied.removed + applied.restored,
    },
    {
      key: 'reason',
      header: text('exchanges.reason'),
      cell: ({ reason }) => (reason === null ? '–' : <span className="code">{reason}</span>),
      value: ({ reason }) => reason,
    },
  ];
  return (
    <Section title={text('runs.title')}>
      <Loaded of={runs}>
        {(data) => (
          <DataTable
            name="runs"
            label={text('runs.title')}
            rows={data.runs}
            rowKey={({ runId }) => runId}
            columns={columns}
            empty={text('runs.empty')}
            pager={
              <Pager
                now={url.before}
                next={data.runs.length < pageSize ? null : (data.runs.at(-1)?.runId ?? null)}
                turn={(before) => change({ before })}
              />
            }
          />
        )}
      </Loaded>
    </Section>
  );
}

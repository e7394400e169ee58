import { Group } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { When } from '../../parts/when.tsx';
import { routeTones } from './tones.ts';

type Route = Reply<'listGradeRoutes'>['routes'][number];

/** How scores go, connection by connection: what waits, and holding them back. */
export function Routes({ slug }: { slug: string }) {
  const { text, count } = useLanguage();
  const routes = useRead('listGradeRoutes', { params: { slug } }, { every: 15_000 });
  return (
    <Section title={text('grades.routes')}>
      <Loaded of={routes}>
        {(data) => (
          <DataTable
            plain
            name="grade-routes"
            label={text('grades.routes')}
            rows={data.routes}
            rowKey={({ connectionId }) => connectionId}
            empty={text('grades.routes.empty')}
            columns={[
              { key: 'partner', header: text('health.partner'), cell: ({ partner }) => partner },
              {
                key: 'state',
                header: text('overview.state'),
                cell: ({ state, reason }) => (
                  <Group gap="xs">
                    <Tag tone={routeTones[state]}>{text(`route.${state}`)}</Tag>
                    {reason !== null && <span className="quiet">{reason}</span>}
                  </Group>
                ),
              },
              { key: 'advice', header: text('grades.advice'), cell: ({ advice }) => advice ?? '–' },
              {
                key: 'pending',
                header: text('grades.waiting'),
                end: true,
                cell: ({ pending }) => count(pending),
              },
              {
                key: 'oldest',
                header: text('grades.oldest'),
                cell: ({ oldestPending }) => <When at={oldestPending} relative />,
              },
              {
                key: 'act',
                header: text('table.actions'),
                cell: (route) => <RouteAct slug={slug} route={route} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

function RouteAct({ slug, route }: { slug: string; route: Route }) {
  const { text, count } = useLanguage();
  const { can } = useSession();
  if (!can('grades:write')) return null;
  const params = { slug, connectionId: route.connectionId };
  if (route.state === 'running') {
    return (
      <Act
        name="pauseGrades"
        label={text('grades.pause')}
        input={(reason) => ({ params, body: { reason: reason ?? '' } })}
        needsReason
      >
        {text('grades.pause.about')}
      </Act>
    );
  }
  return (
    <Act
      name="resumeGrades"
      label={text('grades.resume')}
      input={(reason) => ({ params, body: withReason(reason) })}
    >
      {text('grades.resume.about', { pending: count(route.pending) })}
    </Act>
  );
}

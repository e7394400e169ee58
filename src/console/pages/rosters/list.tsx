import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { ButtonLink, TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { sourceTones } from './tones.ts';

/** Where an institution's roster comes from, and how fresh it is. */
export function RosterList() {
  const { text, duration } = useLanguage();
  const { mayCall } = useSession();
  const slug = usePathValue('slug');
  const rosters = useRead('listRosters', { params: { slug } });
  const freshness = useRead('tenantFreshness', { params: { slug } });
  const fresh = new Map(freshness.data?.rosters.map((each) => [each.connectionId, each]));
  return (
    <Page
      title={text('nav.rosters')}
      about={text('rosters.about')}
      actions={
        mayCall('connectRoster') && (
          <ButtonLink to="/institutions/$slug/rosters/new" params={{ slug }} size="xs">
            {text('setup.roster.connect')}
          </ButtonLink>
        )
      }
    >
      <Loaded of={rosters}>
        {(data) => (
          <DataTable
            plain
            name="rosters"
            label={text('nav.rosters')}
            rows={data.rosters}
            rowKey={({ connectionId }) => connectionId}
            empty={text('rosters.empty')}
            columns={[
              {
                key: 'name',
                header: text('overview.name'),
                cell: ({ connectionId, name }) => (
                  <TextLink to="/institutions/$slug/rosters/$connectionId" params={{ slug, connectionId }}>
                    {name}
                  </TextLink>
                ),
              },
              {
                key: 'status',
                header: text('overview.state'),
                cell: ({ status }) => (
                  <Tag tone={sourceTones[status]}>{text(`connectionState.${status}`)}</Tag>
                ),
              },
              { key: 'connector', header: text('rosters.connector'), cell: ({ connector }) => connector },
              {
                key: 'fresh',
                header: text('rosters.fresh'),
                cell: ({ connectionId }) => {
                  const each = fresh.get(connectionId);
                  if (each?.ageMs == null) return '–';
                  const age = duration(each.ageMs);
                  return each.isBreached ? <Tag tone="bad">{text('rosters.stale', { age })}</Tag> : age;
                },
              },
              {
                key: 'nextRunAt',
                header: text('rosters.next'),
                cell: ({ nextRunAt }) => <When at={nextRunAt} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}

import { onboardingStages, waitingSides } from '../../../../contracts/onboarding.ts';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Choice } from '../../parts/choice.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { Tag } from '../../parts/tag.tsx';
import type { Tone } from '../../parts/tone.ts';
import { useUrlState } from '../../parts/url-state.ts';
import { oneOf, sortOf } from '../../parts/url-values.ts';
import { When } from '../../parts/when.tsx';
import { NewInstitution } from './new-institution.tsx';

type Row = Reply<'listTenants'>['tenants'][number];
const healthTones = { failing: 'bad', warning: 'warn', fine: 'good' } as const satisfies Record<
  Row['health']['state'],
  Tone
>;
const healthStates = ['failing', 'warning', 'fine'] as const;
const sorts = ['name', 'slug', 'stage', 'promisedOn', 'health', 'createdAt'] as const;
const stages = [...onboardingStages, 'none'] as const;

/** Every institution: how far its new integrations are, whom they wait for, and how it is. */
export function InstitutionList() {
  const { text, day } = useLanguage();
  const { can } = useSession();
  const [url, change] = useUrlState();
  const { sort, order } = sortOf(sorts, url);
  const [stage, waitingOn, health] = [
    oneOf(stages, url.stage),
    oneOf(waitingSides, url.waitingOn),
    oneOf(healthStates, url.health),
  ];
  const query = {
    sort,
    order,
    limit: 50,
    ...(url.search ? { search: url.search } : {}),
    ...(stage ? { stage } : {}),
    ...(waitingOn ? { waitingOn } : {}),
    ...(health ? { health } : {}),
    ...(url.after ? { after: url.after } : {}),
  } as const;
  const tenants = useRead('listTenants', { query }, { keep: true });
  const columns: Column<Row>[] = [
    {
      key: 'name',
      header: text('institutions.name'),
      sorts: true,
      cell: ({ slug, name }) => (
        <TextLink to="/institutions/$slug" params={{ slug }}>
          {name}
        </TextLink>
      ),
      value: ({ name }) => name,
    },
    {
      key: 'health',
      header: text('institutions.health'),
      sorts: true,
      cell: ({ health: { state } }) => <Tag tone={healthTones[state]}>{text(`tenantHealth.${state}`)}</Tag>,
      value: (row) => row.health.state,
    },
    {
      key: 'stage',
      header: text('institutions.stage'),
      sorts: true,
      cell: ({ onboarding }) => (onboarding ? text(`stage.${onboarding.stage}`) : '–'),
      value: ({ onboarding }) => onboarding?.stage,
    },
    {
      key: 'waitingOn',
      header: text('institutions.waitingOn'),
      cell: ({ onboarding }) => onboarding?.waitingOn.map((side) => text(`side.${side}`)).join(', ') ?? '–',
      value: ({ onboarding }) => onboarding?.waitingOn.join(' '),
    },
    {
      key: 'promisedOn',
      header: text('institutions.promisedOn'),
      sorts: true,
      cell: ({ onboarding }) => {
        if (!onboarding?.promisedOn) return '–';
        const shown = day(onboarding.promisedOn);
        return onboarding.overdue ? (
          <Tag tone="bad">{text('institutions.overdue', { day: shown })}</Tag>
        ) : (
          shown
        );
      },
      value: ({ onboarding }) => onboarding?.promisedOn,
    },
    {
      key: 'slug',
      header: text('institutions.slug'),
      sorts: true,
      cell: ({ slug }) => <span className="code">{slug}</span>,
      value: ({ slug }) => slug,
    },
    {
      key: 'createdAt',
      header: text('institutions.createdAt'),
      sorts: true,
      cell: ({ createdAt }) => <When at={createdAt} />,
      value: ({ createdAt }) => createdAt,
    },
  ];
  return (
    <Page
      title={text('nav.institutions')}
      about={text('institutions.about')}
      actions={can('tenants:write') && <NewInstitution />}
    >
      <Loaded of={tenants} lines={8}>
        {(data) => (
          <DataTable
            name="institutions"
            label={text('nav.institutions')}
            rows={data.tenants}
            total={data.total}
            rowKey={({ tenantId }) => tenantId}
            columns={columns}
            sorting={{ by: sort, order, change: (by, way) => change({ sort: by, order: way }) }}
            empty={text('institutions.empty')}
            filters={
              <>
                <SearchBox value={url.search} onChange={(search) => change({ search })} />
                <Choice
                  label={text('institutions.health')}
                  value={health}
                  options={healthStates.map((value) => ({ value, label: text(`tenantHealth.${value}`) }))}
                  onChange={(value) => change({ health: value })}
                />
                <Choice
                  label={text('institutions.stage')}
                  value={stage}
                  options={stages.map((value) => ({ value, label: text(`stage.${value}`) }))}
                  onChange={(value) => change({ stage: value })}
                />
                <Choice
                  label={text('institutions.waitingOn')}
                  value={waitingOn}
                  options={waitingSides.map((value) => ({ value, label: text(`side.${value}`) }))}
                  onChange={(value) => change({ waitingOn: value })}
                />
              </>
            }
            pager={<Pager now={url.after} next={data.next} turn={(after) => change({ after })} />}
          />
        )}
      </Loaded>
    </Page>
  );
}

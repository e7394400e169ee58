import { switchStates } from '../../../../contracts/tools.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Choice } from '../../parts/choice.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { oneOf } from '../../parts/url-values.ts';
import { RegisterTool } from './register-tool.tsx';
import { SwitchTag } from './switch-tag.tsx';
import { ToolInvitations } from './tool-invitations.tsx';

/** Every tool of the hub: registered once, and on for as many institutions as want it. */
export function ToolList() {
  const { text, count } = useLanguage();
  const { can } = useSession();
  const [url, change] = useUrlState();
  const status = oneOf(switchStates, url.status);
  const query = {
    limit: 50,
    ...(status === undefined ? {} : { status }),
    ...(url.search ? { search: url.search } : {}),
    ...(url.after ? { after: url.after } : {}),
  };
  const tools = useRead('listTools', { query }, { keep: true });
  return (
    <Page
      title={text('nav.tools')}
      about={text('tools.about')}
      actions={can('tools:write') && <RegisterTool />}
    >
      <Loaded of={tools} lines={6}>
        {(data) => (
          <DataTable
            name="tools"
            label={text('nav.tools')}
            rows={data.tools}
            rowKey={({ toolId }) => toolId}
            empty={text('tools.empty')}
            filters={
              <>
                <SearchBox value={url.search} onChange={(search) => change({ search })} />
                <Choice
                  label={text('overview.state')}
                  value={status}
                  options={switchStates.map((value) => ({ value, label: text(`connectionState.${value}`) }))}
                  onChange={(value) => change({ status: value })}
                />
              </>
            }
            pager={<Pager now={url.after} next={data.next} turn={(after) => change({ after })} />}
            columns={[
              {
                key: 'name',
                header: text('overview.name'),
                cell: ({ slug, name }) => (
                  <TextLink to="/tools/$tool" params={{ tool: slug }}>
                    {name}
                  </TextLink>
                ),
                value: ({ name }) => name,
              },
              {
                key: 'slug',
                header: text('institutions.slug'),
                cell: ({ slug }) => <span className="code">{slug}</span>,
                value: ({ slug }) => slug,
              },
              {
                key: 'presentation',
                header: text('tools.presentation'),
                cell: ({ presentation }) => text(`presentation.${presentation}`),
                value: ({ presentation }) => presentation,
              },
              {
                key: 'status',
                header: text('overview.state'),
                cell: (row) => <SwitchTag state={row.status} />,
                value: (row) => row.status,
              },
              {
                key: 'tenants',
                header: text('nav.institutions'),
                end: true,
                cell: ({ tenants }) => count(tenants),
                value: ({ tenants }) => tenants,
              },
            ]}
          />
        )}
      </Loaded>
      <ToolInvitations />
    </Page>
  );
}

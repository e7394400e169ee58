import { switchStates } from '../../../../contracts/tools.ts';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Ask } from '../../parts/ask.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { defined } from '../../parts/fields.ts';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { usePathValue, useUrlState } from '../../parts/url-state.ts';
import { Values } from '../setup/copy.tsx';
import { SwitchTag } from './switch-tag.tsx';
import { readTool, ToolFields } from './tool-fields.tsx';

type Tool = Reply<'showTool'>['tool'];

/** One tool: its settings, what its developer enters, and who uses it. */
export function ToolPage() {
  const { text } = useLanguage();
  const { can } = useSession();
  const params = { tool: usePathValue('tool') };
  const shown = useRead('showTool', { params });
  const tool = shown.data?.tool;
  return (
    <Page
      title={tool?.name ?? params.tool}
      above={<TextLink to="/tools">{text('nav.tools')}</TextLink>}
      actions={tool && can('tools:write') && <ToolActs tool={tool} />}
    >
      <Loaded of={shown} lines={8}>
        {({ tool: of, forDeveloper }) => (
          <>
            <Facts
              of={[
                [text('overview.state'), <SwitchTag key="state" state={of.status} />],
                [text('institutions.slug'), of.slug],
                [text('tools.presentation'), text(`presentation.${of.presentation}`)],
                [text('tools.supportsStorage'), text(of.supportsStorage ? 'word.yes' : 'word.no')],
                [text('tools.loginInitiationUrl'), of.loginInitiationUrl],
                [text('tools.targetLinkUri'), of.targetLinkUri],
                [text('tools.redirectUris'), of.redirectUris.join(', ')],
                [text('tools.keys'), of.jwksUrl ?? of.jwks?.keys.map((key) => String(key.kid)).join(', ')],
                [
                  text('tools.scopes'),
                  of.scopes.map((scope) => scope.split('/scope/').at(-1)).join(', ') || text('word.none'),
                ],
              ]}
            />
            <Section title={text('tools.forDeveloper')}>
              <Values
                label={text('tools.forDeveloper')}
                of={Object.entries(forDeveloper).map(([name, value]) => ({ name, value }))}
              />
            </Section>
          </>
        )}
      </Loaded>
      <ToolTenants tool={params.tool} />
    </Page>
  );
}

function ToolActs({ tool }: { tool: Tool }) {
  const { text } = useLanguage();
  const params = { tool: tool.slug };
  const other = switchStates.find((state) => state !== tool.status) ?? tool.status;
  const isOn = tool.status === 'active';
  return (
    <>
      <Ask
        name="updateTool"
        label={text('form.change')}
        reason="asked"
        input={(entered) => ({
          params,
          body: { ...readTool(entered), ...defined({ reason: entered.given('reason') }) },
        })}
      >
        <ToolFields tool={tool} />
      </Ask>
      <Act
        name="updateTool"
        label={text(isOn ? 'form.disable' : 'form.enable')}
        input={(reason) => ({ params, body: { status: other, ...withReason(reason) } })}
        {...(isOn ? { danger: true, typeName: tool.name } : {})}
      >
        {text(isOn ? 'tools.disable.about' : 'tools.enable.about')}
      </Act>
    </>
  );
}

function ToolTenants({ tool }: { tool: string }) {
  const { text } = useLanguage();
  const [url, change] = useUrlState();
  const query = { limit: 50, ...(url.after ? { after: url.after } : {}) };
  const tenants = useRead('listToolTenants', { params: { tool }, query }, { keep: true });
  return (
    <Section title={text('nav.institutions')}>
      <Loaded of={tenants}>
        {(data) => (
          <DataTable
            plain
            name="tool-tenants"
            label={text('nav.institutions')}
            rows={data.tenants}
            rowKey={({ slug }) => slug}
            empty={text('tools.nobody')}
            pager={<Pager now={url.after} next={data.next} turn={(after) => change({ after })} />}
            columns={[
              {
                key: 'name',
                header: text('overview.name'),
                cell: ({ slug, name }) => (
                  <TextLink to="/institutions/$slug/tools/$tool" params={{ slug, tool }}>
                    {name}
                  </TextLink>
                ),
              },
              {
                key: 'status',
                header: text('overview.state'),
                cell: (row) => <SwitchTag state={row.status} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

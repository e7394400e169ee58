import { NativeSelect, Text } from '@mantine/core';
import { templateNames } from '../../../../contracts/privacy.ts';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Ask } from '../../parts/ask.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { defined } from '../../parts/fields.ts';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { SwitchTag } from './switch-tag.tsx';

type Enablements = Reply<'listEnablements'>;
type Enablement = Enablements['enablements'][number];

/** The tools of one institution, each with what it may see. */
export function OwnToolList() {
  const { text } = useLanguage();
  const { can } = useSession();
  const slug = usePathValue('slug');
  const tools = useRead('listEnablements', { params: { slug } });
  const available = tools.data?.available ?? [];
  return (
    <Page
      title={text('nav.tools')}
      about={text('ownTools.about')}
      actions={can('tools:write') && available.length > 0 && <EnableTool slug={slug} available={available} />}
    >
      <Loaded of={tools}>
        {({ enablements }) => (
          <DataTable
            name="own-tools"
            label={text('nav.tools')}
            rows={enablements}
            rowKey={({ toolId }) => toolId}
            empty={text('ownTools.empty')}
            columns={[
              {
                key: 'name',
                header: text('overview.name'),
                cell: ({ slug: tool, name }) => (
                  <TextLink to="/institutions/$slug/tools/$tool" params={{ slug, tool }}>
                    {name}
                  </TextLink>
                ),
                value: ({ name }) => name,
              },
              {
                key: 'status',
                header: text('overview.state'),
                cell: ({ status, hubStatus }) => (
                  <SwitchTag state={hubStatus === 'disabled' ? hubStatus : status} />
                ),
                value: ({ status }) => status,
              },
              {
                key: 'policyVersion',
                header: text('policy.version'),
                end: true,
                cell: ({ policyVersion }) => policyVersion,
                value: ({ policyVersion }) => policyVersion,
              },
              {
                key: 'deploymentId',
                header: text('ownTools.deploymentId'),
                cell: ({ deploymentId }) => <span className="code">{deploymentId}</span>,
                value: ({ deploymentId }) => deploymentId,
              },
              {
                key: 'targetLinkUri',
                header: text('ownTools.link'),
                cell: ({ targetLinkUri }) => <span className="code">{targetLinkUri}</span>,
                value: ({ targetLinkUri }) => targetLinkUri,
              },
              {
                key: 'act',
                header: text('table.actions'),
                cell: (row) => can('tools:write') && <SwitchTool slug={slug} tool={row} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Page>
  );
}

function SwitchTool({ slug, tool }: { slug: string; tool: Enablement }) {
  const { text } = useLanguage();
  const input = (reason: string | undefined) => ({
    params: { slug, tool: tool.slug },
    body: withReason(reason),
  });
  if (tool.status === 'active') {
    return (
      <Act name="disableToolFor" label={text('form.disable')} input={input} danger typeName={tool.name}>
        {text('ownTools.disable.about')}
      </Act>
    );
  }
  return tool.hubStatus === 'disabled' ? null : (
    <Act name="enableTool" label={text('form.enable')} input={input}>
      {text('ownTools.enableAgain.about')}
    </Act>
  );
}

function EnableTool({ slug, available }: { slug: string; available: Enablements['available'] }) {
  const { text } = useLanguage();
  return (
    <Ask
      name="enableTool"
      label={text('ownTools.enable')}
      primary
      reason="asked"
      input={(entered) => ({
        params: { slug, tool: entered.text('tool') },
        body: defined({
          policy: templateNames.find((each) => each === entered.text('policy')),
          reason: entered.given('reason'),
        }),
      })}
    >
      <NativeSelect
        name="tool"
        label={text('nav.tool')}
        data={available.map((each) => ({ value: each.slug, label: each.name }))}
      />
      <NativeSelect
        name="policy"
        label={text('ownTools.policy')}
        data={templateNames.map((value) => ({ value, label: text(`policyTemplate.${value}`) }))}
      />
      <Text size="sm">{text('ownTools.policy.about')}</Text>
    </Ask>
  );
}

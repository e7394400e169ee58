import { Button, TextInput } from '@mantine/core';
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
import { Page, Section } from '../../parts/page.tsx';
import { usePathValue, useUrlState } from '../../parts/url-state.ts';
import { LaunchTest } from '../setup/launch-test.tsx';
import { SwitchTag } from '../tools/switch-tag.tsx';
import { ForLms } from './for-lms.tsx';
import { RegistrationActs } from './registration-acts.tsx';
import { RegistrationFacts } from './registration-facts.tsx';

type Shown = Reply<'showLms'>;
type Params = { slug: string; connectionId: string };

/** One LMS registration: what the LMS says of itself, its deployments, and what is entered there. */
export function RegistrationPage() {
  const { text } = useLanguage();
  const { can } = useSession();
  const params: Params = { slug: usePathValue('slug'), connectionId: usePathValue('connectionId') };
  const shown = useRead('showLms', { params });
  const registration = shown.data?.registration;
  const [url, change] = useUrlState();
  return (
    <Page
      title={registration ? text(`family.${registration.family}`) : text('nav.lms')}
      above={
        <TextLink to="/institutions/$slug/lms" params={params}>
          {text('nav.lms')}
        </TextLink>
      }
      actions={
        registration && (
          <>
            {can('launches:read') && url.try !== 'yes' && (
              <Button size="xs" variant="default" onClick={() => change({ try: 'yes' })}>
                {text('setup.launch.title')}
              </Button>
            )}
            {can('lms:write') && (
              <RegistrationActs
                name="updateLms"
                of={registration}
                disabling={text('lms.disable.about')}
                input={(body) => ({ params, body })}
              />
            )}
          </>
        )
      }
    >
      <Loaded of={shown} lines={10}>
        {({ registration: of, deployments, forLms }) => (
          <>
            {url.try === 'yes' && (
              <Section title={text('connect.try')}>
                <LaunchTest {...params} />
              </Section>
            )}
            <RegistrationFacts of={of} />
            <Deployments params={params} deployments={deployments} />
            <ForLms of={forLms} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Deployments({ params, deployments }: { params: Params; deployments: Shown['deployments'] }) {
  const { text } = useLanguage();
  const { can } = useSession();
  return (
    <Section
      title={text('lms.deployments')}
      actions={
        can('lms:write') && (
          <Ask
            name="addDeployment"
            label={text('lms.addDeployment')}
            reason="asked"
            input={(entered) => ({
              params,
              body: {
                deploymentId: entered.text('deploymentId'),
                ...defined({ reason: entered.given('reason') }),
              },
            })}
          >
            <TextInput name="deploymentId" label={text('lms.deployment')} maxLength={255} required />
          </Ask>
        )
      }
    >
      <DataTable
        plain
        name="deployments"
        label={text('lms.deployments')}
        rows={deployments}
        rowKey={({ deploymentId }) => deploymentId}
        empty={text('lms.deployments.empty')}
        columns={[
          {
            key: 'deploymentId',
            header: text('lms.deployment'),
            cell: ({ deploymentId }) => <span className="code">{deploymentId}</span>,
          },
          { key: 'status', header: text('overview.state'), cell: (row) => <SwitchTag state={row.status} /> },
          {
            key: 'act',
            header: text('table.actions'),
            cell: ({ deploymentId, status }) =>
              can('lms:write') && (
                <Act
                  name="setDeploymentStatus"
                  label={text(status === 'active' ? 'form.disable' : 'form.enable')}
                  danger={status === 'active'}
                  input={(reason) => ({
                    params,
                    body: {
                      deploymentId,
                      status: status === 'active' ? 'disabled' : 'active',
                      ...withReason(reason),
                    },
                  })}
                >
                  {text(status === 'active' ? 'lms.deployment.off' : 'lms.deployment.on')}
                </Act>
              ),
          },
        ]}
      />
    </Section>
  );
}

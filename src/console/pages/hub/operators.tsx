import { Code, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession, useWho } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Note } from '../../parts/note.tsx';
import { Section } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Tag } from '../../parts/tag.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { InviteOperator } from './invite-operator.tsx';

type Operator = Reply<'listOperators'>['operators'][number];

/** Staff of the hub: their roles, whether they have a second step, and letting them in no more. */
export function Operators() {
  const { text } = useLanguage();
  const { can } = useSession();
  const [link, setLink] = useState<string>();
  const [url, change] = useUrlState();
  const query = { limit: 50, ...(url.after ? { after: url.after } : {}) };
  const staff = useRead('listOperators', { query }, { keep: true });
  return (
    <Section
      title={text('operators.title')}
      actions={can('operators:write') && <InviteOperator onLink={setLink} />}
    >
      <Stack gap="sm">
        {link !== undefined && (
          <Note tone="good" role="status" title={text('operators.link')}>
            <Code block>{link}</Code>
          </Note>
        )}
        <Loaded of={staff}>
          {(data) => (
            <DataTable
              plain
              name="operators"
              label={text('operators.title')}
              rows={data.operators}
              rowKey={({ operatorId }) => operatorId}
              empty={text('word.none')}
              pager={<Pager now={url.after} next={data.next} turn={(after) => change({ after })} />}
              columns={[
                { key: 'name', header: text('account.name'), cell: ({ name }) => name },
                { key: 'email', header: text('signIn.email'), cell: ({ email }) => email },
                {
                  key: 'roles',
                  header: text('account.roles'),
                  cell: ({ roles }) => roles.map((role) => text(`role.${role}`)).join(', '),
                },
                {
                  key: 'status',
                  header: text('overview.state'),
                  cell: ({ status }) => (
                    <Tag tone={status === 'active' ? 'good' : 'calm'}>
                      {text(`connectionState.${status}`)}
                    </Tag>
                  ),
                },
                {
                  key: 'secondFactor',
                  header: text('operators.factor'),
                  cell: ({ secondFactor }) => text(secondFactor ? 'word.yes' : 'word.no'),
                },
                {
                  key: 'lastSignInAt',
                  header: text('operators.lastSignIn'),
                  cell: ({ lastSignInAt }) => <When at={lastSignInAt} relative />,
                },
                {
                  key: 'act',
                  header: text('table.actions'),
                  cell: (row) => can('operators:write') && <OperatorAct operator={row} onLink={setLink} />,
                },
              ]}
            />
          )}
        </Loaded>
      </Stack>
    </Section>
  );
}

function OperatorAct({ operator, onLink }: { operator: Operator; onLink: (link: string) => void }) {
  const { text } = useLanguage();
  const { operatorId } = useWho();
  if (operator.operatorId === operatorId) return null;
  const input = (reason: string | undefined) => ({
    params: { operatorId: operator.operatorId },
    body: withReason(reason),
  });
  return operator.status === 'active' ? (
    <Group gap="xs" wrap="nowrap">
      <Act
        name="disableOperator"
        label={text('operators.disable')}
        input={input}
        danger
        typeName={operator.email}
      >
        {text('operators.disable.about')}
      </Act>
      <Act
        name="makePasswordLink"
        label={text('admins.passwordLink')}
        input={input}
        onDone={({ link }) => onLink(link)}
      >
        {text('admins.passwordLink.about')}
      </Act>
    </Group>
  ) : (
    <Act name="enableOperator" label={text('operators.enable')} input={input}>
      {text('operators.enable.about')}
    </Act>
  );
}

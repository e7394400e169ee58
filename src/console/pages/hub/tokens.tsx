import { Checkbox, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { apiScopes } from '../../../../contracts/http/scopes.ts';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Ask } from '../../parts/ask.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { defined } from '../../parts/fields.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { OnceNote } from '../../parts/once-note.tsx';
import { Page } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Tag } from '../../parts/tag.tsx';
import type { Tone } from '../../parts/tone.ts';
import { useUrlState } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { Days } from '../tools/tool-invitations.tsx';

type Token = Reply<'listTokens'>['tokens'][number];
const tones: Readonly<Record<Token['state'], Tone>> = { active: 'good', expired: 'calm', revoked: 'calm' };

/** Tokens by which programs use the API: what each may do, until when, and when it was last used. */
export function TokensPage() {
  const { text } = useLanguage();
  const { can } = useSession();
  const [token, setToken] = useState<string>();
  const [url, change] = useUrlState();
  const query = { limit: 50, ...(url.after ? { after: url.after } : {}) };
  const tokens = useRead('listTokens', { query }, { keep: true });
  return (
    <Page
      title={text('nav.tokens')}
      about={text('tokens.about')}
      actions={can('tokens:write') && <CreateToken onToken={setToken} />}
    >
      <Stack gap="sm">
        <OnceNote title={text('tokens.once')} value={token} />
        <Loaded of={tokens}>
          {(data) => (
            <DataTable
              name="tokens"
              label={text('nav.tokens')}
              rows={data.tokens}
              rowKey={({ tokenId }) => tokenId}
              empty={text('tokens.empty')}
              pager={<Pager now={url.after} next={data.next} turn={(after) => change({ after })} />}
              columns={[
                {
                  key: 'name',
                  header: text('tokens.for'),
                  cell: ({ name }) => name,
                  value: ({ name }) => name,
                },
                {
                  key: 'state',
                  header: text('overview.state'),
                  cell: ({ state }) => <Tag tone={tones[state]}>{text(`tokenState.${state}`)}</Tag>,
                  value: ({ state }) => state,
                },
                {
                  key: 'tenant',
                  header: text('nav.institution'),
                  cell: ({ tenant }) => tenant ?? text('tokens.everywhere'),
                  value: ({ tenant }) => tenant,
                },
                {
                  key: 'scopes',
                  header: text('raised.scopes'),
                  cell: ({ scopes }) => scopes.join(', '),
                  value: ({ scopes }) => scopes.join(' '),
                },
                {
                  key: 'lastUsedAt',
                  header: text('tokens.lastUsed'),
                  cell: ({ lastUsedAt }) => <When at={lastUsedAt} relative />,
                  value: ({ lastUsedAt }) => lastUsedAt,
                },
                {
                  key: 'expiresAt',
                  header: text('invitations.expiresAt'),
                  cell: ({ expiresAt }) => <When at={expiresAt} />,
                  value: ({ expiresAt }) => expiresAt,
                },
                {
                  key: 'act',
                  header: text('table.actions'),
                  cell: ({ tokenId, name, state }) =>
                    can('tokens:write') &&
                    state === 'active' && (
                      <Act
                        name="revokeToken"
                        label={text('tokens.revoke')}
                        input={(reason) => ({ params: { tokenId }, body: withReason(reason) })}
                        danger
                        typeName={name}
                      >
                        {text('tokens.revoke.about')}
                      </Act>
                    ),
                },
              ]}
            />
          )}
        </Loaded>
      </Stack>
    </Page>
  );
}

function CreateToken({ onToken }: { onToken: (token: string) => void }) {
  const { text } = useLanguage();
  const { can } = useSession();
  return (
    <Ask
      name="createToken"
      label={text('tokens.create')}
      primary
      reason="asked"
      input={(entered) => ({
        body: {
          name: entered.text('name'),
          scopes: apiScopes.filter((scope) => entered.all('scopes').includes(scope)),
          days: Number(entered.text('days')),
          ...defined({ tenant: entered.given('tenant'), reason: entered.given('reason') }),
        },
      })}
      onDone={({ token }) => onToken(token)}
    >
      <TextInput name="name" label={text('tokens.for')} maxLength={200} required />
      <TextInput
        name="tenant"
        label={text('tokens.tenant')}
        description={text('tokens.tenant.about')}
        maxLength={63}
      />
      <fieldset className="boxes">
        <legend>{text('raised.scopes')}</legend>
        {apiScopes.filter(can).map((scope) => (
          <Checkbox key={scope} name="scopes" value={scope} label={scope} />
        ))}
      </fieldset>
      <Days most={3650} value={90} />
    </Ask>
  );
}

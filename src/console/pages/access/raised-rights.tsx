import { Checkbox, NumberInput, Text, Textarea } from '@mantine/core';
import { raisableScopes } from '../../../../contracts/http/roles.ts';
import { apiScopes } from '../../../../contracts/http/scopes.ts';
import { useRead } from '../../api/queries.ts';
import { useSession, useWho } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Ask } from '../../parts/ask.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { When } from '../../parts/when.tsx';
import { Countdown } from './countdown.tsx';

/** Who of the hub’s staff is or was allowed more here for a while, and why: staff and institution see the same. */
export function RaisedRights({ slug }: { slug: string }) {
  const { text } = useLanguage();
  const { can } = useSession();
  const { operatorId } = useWho();
  const raised = useRead(
    'listRaisedRights',
    { params: { slug } },
    { every: 30_000, enabled: can('break-glass:read') },
  );
  return (
    <Section title={text('raised.title')} actions={can('break-glass:write') && <Raise slug={slug} />}>
      <Loaded of={raised}>
        {({ raisedRights }) => (
          <DataTable
            plain
            name="raised"
            label={text('raised.title')}
            rows={raisedRights}
            rowKey={({ raiseId }) => raiseId}
            empty={text('raised.empty')}
            columns={[
              {
                key: 'who',
                header: text('audit.actor'),
                cell: (row) =>
                  row.operatorId === operatorId ? (
                    text('raised.you')
                  ) : (
                    <span className="code">{row.operatorId}</span>
                  ),
              },
              { key: 'scopes', header: text('raised.scopes'), cell: ({ scopes }) => scopes.join(', ') },
              { key: 'reason', header: text('action.reason'), cell: ({ reason }) => reason },
              {
                key: 'startedAt',
                header: text('raised.startedAt'),
                cell: ({ startedAt }) => <When at={startedAt} />,
              },
              {
                key: 'state',
                header: text('overview.state'),
                cell: ({ active, endsAt, endedAt }) =>
                  active ? <Tag tone="warn">{text('raised.active')}</Tag> : <When at={endedAt ?? endsAt} />,
              },
              {
                key: 'left',
                header: text('raised.left'),
                cell: ({ active, endsAt }) => (active ? <Countdown until={endsAt} /> : '–'),
              },
              {
                key: 'act',
                header: text('table.actions'),
                cell: ({ active, raiseId }) =>
                  active &&
                  can('break-glass:write') && (
                    <Ask
                      name="endRaisedRights"
                      label={text('raised.end')}
                      input={() => ({ params: { slug, raiseId }, body: {} })}
                    >
                      <Text size="sm">{text('raised.end.about')}</Text>
                    </Ask>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

function Raise({ slug }: { slug: string }) {
  const { text } = useLanguage();
  const { who } = useSession();
  const missing = raisableScopes.filter((scope) => !who?.scopes.includes(scope));
  if (missing.length === 0) return null;
  return (
    <Ask
      name="raiseRights"
      label={text('raised.raise')}
      danger
      input={(entered) => ({
        params: { slug },
        body: {
          scopes: apiScopes.filter((scope) => entered.all('scopes').includes(scope)),
          reason: entered.text('why'),
          minutes: Number(entered.text('minutes')),
        },
      })}
    >
      <Text size="sm">{text('raised.raise.about')}</Text>
      <fieldset className="boxes">
        <legend>{text('raised.scopes')}</legend>
        {missing.map((scope) => (
          <Checkbox key={scope} name="scopes" value={scope} label={scope} />
        ))}
      </fieldset>
      <Textarea
        name="why"
        label={text('action.reason')}
        description={text('raised.reason.about')}
        minLength={10}
        maxLength={1000}
        required
        autosize
        minRows={2}
      />
      <NumberInput
        name="minutes"
        label={text('raised.minutes')}
        defaultValue={60}
        min={5}
        max={240}
        required
      />
    </Ask>
  );
}

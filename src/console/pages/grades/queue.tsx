import { useState } from 'react';
import { deliveryStates } from '../../../../contracts/grades.ts';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { Choice } from '../../parts/choice.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Note } from '../../parts/note.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { Tag } from '../../parts/tag.tsx';
import { usePathValue, useUrlState } from '../../parts/url-state.ts';
import { oneOf } from '../../parts/url-values.ts';
import { When } from '../../parts/when.tsx';
import { Routes } from './routes.tsx';
import { deliveryTones } from './tones.ts';

type Delivery = Reply<'listDeliveries'>['deliveries'][number];

/** Scores on their way: by which connection, in which state, whose turn it is, and sending them again. */
export function GradeQueue() {
  const { text } = useLanguage();
  const { can } = useSession();
  const slug = usePathValue('slug');
  const [url, change] = useUrlState();
  const [replayed, setReplayed] = useState<Reply<'replayDeliveries'>>();
  const state = oneOf(deliveryStates, url.state);
  const filter = {
    ...(url.reason ? { reason: url.reason } : {}),
    ...(url.tool ? { tool: url.tool } : {}),
    ...(url.connectionId ? { connectionId: url.connectionId } : {}),
  };
  const query = {
    limit: 50,
    ...filter,
    ...(state ? { state } : {}),
    ...(url.before ? { before: url.before } : {}),
  };
  const deliveries = useRead('listDeliveries', { params: { slug }, query }, { keep: true, every: 15_000 });
  const columns = useColumns(slug);
  const which = Object.keys(filter).length === 0 ? { all: true as const } : { filter };
  return (
    <Page
      title={text('nav.grades')}
      about={text('grades.about')}
      actions={
        can('grades:write') && (
          <Act
            name="replayDeliveries"
            label={text('grades.replay')}
            input={(reason) => ({ params: { slug }, body: { ...which, ...withReason(reason) } })}
            onDone={setReplayed}
          >
            {text(Object.keys(filter).length === 0 ? 'grades.replay.all' : 'grades.replay.some')}
          </Act>
        )
      }
    >
      {replayed && (
        <Note role="status" tone="good">
          {text('grades.replayed', { ...replayed.counts })}
          {replayed.next !== null && ` ${text('grades.replayed.more')}`}
        </Note>
      )}
      <Routes slug={slug} />
      <Section title={text('grades.queue')}>
        <Loaded of={deliveries}>
          {(data) => (
            <DataTable
              name="deliveries"
              label={text('grades.queue')}
              rows={data.deliveries}
              rowKey={({ deliveryId }) => deliveryId}
              columns={columns}
              empty={text('grades.empty')}
              filters={
                <>
                  <Choice
                    label={text('overview.state')}
                    value={state}
                    options={deliveryStates.map((value) => ({ value, label: text(`delivery.${value}`) }))}
                    onChange={(value) => change({ state: value })}
                  />
                  <SearchBox
                    label={text('launches.reasonCode')}
                    value={url.reason}
                    onChange={(reason) => change({ reason })}
                  />
                </>
              }
              pager={<Pager now={url.before} next={data.next} turn={(before) => change({ before })} />}
            />
          )}
        </Loaded>
      </Section>
    </Page>
  );
}

function useColumns(slug: string): Column<Delivery>[] {
  const { text } = useLanguage();
  return [
    {
      key: 'acceptedAt',
      header: text('grades.acceptedAt'),
      cell: ({ deliveryId, acceptedAt }) => (
        <TextLink to="/institutions/$slug/grades/$deliveryId" params={{ slug, deliveryId }}>
          <When at={acceptedAt} />
        </TextLink>
      ),
      value: ({ acceptedAt }) => acceptedAt,
    },
    {
      key: 'state',
      header: text('overview.state'),
      cell: ({ state }) => <Tag tone={deliveryTones[state]}>{text(`delivery.${state}`)}</Tag>,
      value: ({ state }) => state,
    },
    {
      key: 'reason',
      header: text('exchanges.reason'),
      cell: ({ happened, reason }) => happened ?? reason ?? '–',
      value: ({ reason }) => reason,
    },
    {
      key: 'turn',
      header: text('grades.turn'),
      cell: ({ turn }) => (turn === null ? '–' : text(`gradeTurn.${turn}`)),
      value: ({ turn }) => turn,
    },
    {
      key: 'tool',
      header: text('launches.tool'),
      cell: ({ tool }) => tool ?? '–',
      value: ({ tool }) => tool,
    },
    {
      key: 'attempts',
      header: text('exchanges.attempts'),
      end: true,
      cell: ({ attempts }) => attempts,
      value: ({ attempts }) => attempts,
    },
  ];
}

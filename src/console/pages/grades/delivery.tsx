import { Text } from '@mantine/core';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Note } from '../../parts/note.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { deliveryTones } from './tones.ts';

/** One score on its way, explained: its tries, whose turn it is, and what mends it; never the score. */
export function DeliveryPage() {
  const { text, word } = useLanguage();
  const { can } = useSession();
  const slug = usePathValue('slug');
  const deliveryId = usePathValue('deliveryId');
  const shown = useRead('showDelivery', { params: { slug, deliveryId } });
  const delivery = shown.data?.delivery;
  const canReplay =
    can('grades:write') && delivery?.scoreKept === true && ['refused', 'expired'].includes(delivery.state);
  return (
    <Page
      title={text('grades.one')}
      above={
        <TextLink to="/institutions/$slug/grades" params={{ slug }}>
          {text('nav.grades')}
        </TextLink>
      }
      actions={
        canReplay && (
          <Act
            name="replayDeliveries"
            label={text('grades.replayOne')}
            input={(reason) => ({
              params: { slug },
              body: { deliveryIds: [deliveryId], ...withReason(reason) },
            })}
            primary
          >
            {text('grades.replayOne.about')}
          </Act>
        )
      }
    >
      <Loaded of={shown}>
        {({ delivery: row, explanation }) => (
          <>
            <Note tone={deliveryTones[row.state] === 'bad' ? 'bad' : 'good'} title={explanation.happened}>
              <Text size="sm">{explanation.advice}</Text>
              <Text size="sm" c="dimmed">
                {text('grades.turn')}: {text(`gradeTurn.${explanation.turn}`)}
              </Text>
            </Note>
            <Facts
              of={[
                [
                  text('overview.state'),
                  <Tag key="state" tone={deliveryTones[row.state]}>
                    {text(`delivery.${row.state}`)}
                  </Tag>,
                ],
                [text('health.partner'), row.partner],
                [text('launches.tool'), row.tool],
                [text('grades.acceptedAt'), <When key="accepted" at={row.acceptedAt} />],
                [text('grades.dueAt'), <When key="due" at={row.dueAt} />],
                [text('grades.kept'), text(row.scoreKept ? 'word.yes' : 'word.no')],
              ]}
            />
            <Section title={text('exchanges.attempts')}>
              <DataTable
                plain
                name="tries"
                label={text('exchanges.attempts')}
                rows={row.tries}
                rowKey={({ attempt, startedAt }) => `${attempt} ${startedAt}`}
                empty={text('word.none')}
                columns={[
                  { key: 'attempt', header: text('exchanges.attempts'), cell: ({ attempt }) => attempt },
                  {
                    key: 'outcome',
                    header: text('exchanges.outcome'),
                    cell: ({ outcome }) => word('outcome', outcome),
                  },
                  { key: 'reason', header: text('exchanges.reason'), cell: ({ reason }) => reason ?? '–' },
                  { key: 'status', header: 'HTTP', end: true, cell: ({ httpStatus }) => httpStatus ?? '–' },
                  {
                    key: 'startedAt',
                    header: text('launches.startedAt'),
                    cell: ({ startedAt }) => <When at={startedAt} />,
                  },
                ]}
              />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

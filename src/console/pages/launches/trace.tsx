import { Text } from '@mantine/core';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Note } from '../../parts/note.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import type { Tone } from '../../parts/tone.ts';
import { usePathValue } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { toneOfOutcome } from '../health/tones.ts';

type Launch = Reply<'showLaunch'>['launches'][number];
const tones: Readonly<Record<Launch['steps'][number]['result'], Tone>> = {
  passed: 'good',
  failed: 'bad',
  warned: 'warn',
  not_reached: 'calm',
};

/** A launch check by check: which one failed, by which section of which specification, and what mends it. */
export function LaunchTrace() {
  const { text } = useLanguage();
  const slug = usePathValue('slug');
  const reference = usePathValue('reference');
  const shown = useRead('showLaunch', { params: { slug, reference } });
  return (
    <Page
      title={text('launches.one', { reference })}
      above={
        <TextLink to="/institutions/$slug/launches" params={{ slug }}>
          {text('nav.launches')}
        </TextLink>
      }
    >
      <Loaded of={shown} lines={8}>
        {({ launches }) => launches.map((launch) => <LaunchSteps key={launch.launchId} launch={launch} />)}
      </Loaded>
    </Page>
  );
}

/** What came of one launch, check by check. */
export function LaunchSteps({ launch }: { launch: Launch }) {
  const { text } = useLanguage();
  const { explanation, outcome } = launch;
  return (
    <>
      {explanation && (
        <Note tone="bad" title={launch.reason}>
          <Text size="sm">{explanation.advice}</Text>
          <Text size="sm" c="dimmed">
            {text(`turn.${explanation.turn}`)} · {explanation.specification}
          </Text>
        </Note>
      )}
      <Facts
        of={[
          [
            text('exchanges.outcome'),
            outcome === null ? (
              text('launches.underWay')
            ) : (
              <Tag key="outcome" tone={toneOfOutcome(outcome)}>
                {text(`outcome.${outcome}`)}
              </Tag>
            ),
          ],
          [text('launches.startedAt'), <When key="started" at={launch.startedAt} />],
          [text('launches.tool'), launch.tool],
          [text('launches.family'), launch.family],
          [text('launches.binding'), launch.binding],
          [text('launches.policy'), launch.policyVersion],
          [text('launches.deployment'), launch.deploymentId],
          [text('launches.warnings'), launch.warnings.join(', ') || null],
        ]}
      />
      <Section title={text('launches.steps')}>
        <DataTable
          plain
          name="steps"
          label={text('launches.steps')}
          rows={launch.steps}
          rowKey={({ check }) => check}
          empty={text('word.none')}
          columns={[
            {
              key: 'check',
              header: text('launches.check'),
              cell: ({ check }) => check.replaceAll('_', ' '),
            },
            {
              key: 'result',
              header: text('launches.result'),
              cell: ({ result }) => <Tag tone={tones[result]}>{text(`step.${result}`)}</Tag>,
            },
            {
              key: 'specification',
              header: text('launches.specification'),
              cell: ({ specification }) => specification,
            },
            {
              key: 'note',
              header: text('exchanges.reason'),
              cell: ({ note }) => (note === null ? '–' : <span className="code">{note}</span>),
            },
          ]}
        />
      </Section>
    </>
  );
}

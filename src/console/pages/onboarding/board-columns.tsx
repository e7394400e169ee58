import type { Reply } from '../../api/contracts.ts';
import type { useLanguage } from '../../i18n/language.ts';
import type { Column } from '../../parts/data-table.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Tag } from '../../parts/tag.tsx';
import type { Tone } from '../../parts/tone.ts';
import { When } from '../../parts/when.tsx';
import { Forecast } from './forecast.tsx';

type Row = Reply<'hubOnboardings'>['onboardings'][number];

const tones: Readonly<Record<NonNullable<Row['outlook']>, Tone>> = {
  on_time: 'good',
  at_risk: 'warn',
  overdue: 'bad',
  unknown: 'calm',
};

/** What the board tells of each integration. */
export function boardColumns({
  text,
  day,
  duration,
}: Pick<ReturnType<typeof useLanguage>, 'text' | 'day' | 'duration'>): Column<Row>[] {
  return [
    {
      key: 'institution',
      header: text('nav.institution'),
      sorts: true,
      cell: ({ institution: { slug, name }, onboardingId }) => (
        <TextLink to="/institutions/$slug/onboarding/$onboardingId" params={{ slug, onboardingId }}>
          {name}
        </TextLink>
      ),
      value: ({ institution }) => institution.name,
    },
    {
      key: 'partner',
      header: text('health.partner'),
      cell: ({ partner, kind }) => `${partner} · ${text(`connection.${kind}`)}`,
      value: ({ partner, kind }) => `${partner} ${kind}`,
    },
    {
      key: 'stage',
      header: text('institutions.stage'),
      sorts: true,
      cell: ({ stage }) => text(`stage.${stage}`),
      value: ({ stage }) => stage,
    },
    {
      key: 'dwell',
      header: text('board.dwell'),
      sorts: true,
      end: true,
      cell: ({ dwellMs }) => duration(dwellMs),
      value: ({ dwellMs }) => dwellMs,
    },
    {
      key: 'waitingOn',
      header: text('institutions.waitingOn'),
      cell: ({ waitingOn }) => text(`side.${waitingOn}`),
      value: ({ waitingOn }) => waitingOn,
    },
    {
      key: 'promisedOn',
      header: text('institutions.promisedOn'),
      sorts: true,
      cell: ({ promisedOn, outlook }) =>
        promisedOn === null || outlook === null ? (
          '–'
        ) : (
          <>
            {day(promisedOn)} <Tag tone={tones[outlook]}>{text(`outlook.${outlook}`)}</Tag>
          </>
        ),
      value: ({ promisedOn }) => promisedOn,
    },
    {
      key: 'forecast',
      header: text('onboarding.forecast'),
      cell: ({ forecast }) => <Forecast of={forecast} />,
      value: ({ forecast }) => (forecast?.kind === 'forecast' ? forecast.likely : forecast?.kind),
    },
    {
      key: 'requestedAt',
      header: text('onboarding.requestedAt'),
      sorts: true,
      cell: ({ requestedAt }) => <When at={requestedAt} relative />,
      value: ({ requestedAt }) => requestedAt,
    },
  ];
}

import { onboardingStages, waitingSides } from '../../../../contracts/onboarding.ts';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Act, withReason } from '../../parts/act.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { When } from '../../parts/when.tsx';
import { Forecast } from './forecast.tsx';
import { PromiseDay, ReturnToStage } from './onboarding-forms.tsx';

type Shown = Reply<'showOnboarding'>;

/** One new integration: how long each stage took, whom it waited for, and when it will be stable. */
export function OnboardingPage() {
  const { text, duration, day } = useLanguage();
  const { can } = useSession();
  const params = { slug: usePathValue('slug'), onboardingId: usePathValue('onboardingId') };
  const shown = useRead('showOnboarding', { params });
  const onboarding = shown.data?.onboarding;
  const isOpen = onboarding !== undefined && onboarding.endedAt === null;
  const move =
    (
      event:
        | { type: 'advance' }
        | { type: 'withdraw' }
        | { type: 'wait'; on: Shown['onboarding']['waitingOn'] },
    ) =>
    (reason: string | undefined) => ({ params, body: { event, ...withReason(reason) } });
  return (
    <Page
      title={onboarding?.name ?? text('nav.onboarding')}
      above={
        <TextLink to="/institutions/$slug/onboarding" params={params}>
          {text('nav.onboarding')}
        </TextLink>
      }
      actions={
        isOpen &&
        can('health:write') && (
          <>
            {!['live', 'stable'].includes(onboarding.stage) && (
              <Act
                name="moveOnboarding"
                label={text('onboarding.advance')}
                input={move({ type: 'advance' })}
                primary
              >
                {text('onboarding.advance.about', { stage: text(`stage.${onboarding.stage}`) })}
              </Act>
            )}
            {waitingSides
              .filter((side) => side !== onboarding.waitingOn)
              .map((side) => (
                <Act
                  key={side}
                  name="moveOnboarding"
                  label={text('onboarding.wait', { side: text(`side.${side}`) })}
                  input={move({ type: 'wait', on: side })}
                >
                  {text('onboarding.wait.about')}
                </Act>
              ))}
            <PromiseDay params={params} onboarding={onboarding} />
            <ReturnToStage params={params} onboarding={onboarding} />
            <Act
              name="moveOnboarding"
              label={text('onboarding.withdraw')}
              input={move({ type: 'withdraw' })}
              danger
              typeName={onboarding.name}
            >
              {text('onboarding.withdraw.about')}
            </Act>
          </>
        )
      }
    >
      <Loaded of={shown}>
        {(data) => (
          <>
            <Facts
              of={[
                [text('institutions.stage'), text(`stage.${data.onboarding.stage}`)],
                [text('institutions.waitingOn'), text(`side.${data.onboarding.waitingOn}`)],
                [text('health.partner'), data.onboarding.partner],
                [text('health.kind'), text(`connection.${data.onboarding.kind}`)],
                [text('onboarding.requestedAt'), <When key="requested" at={data.onboarding.requestedAt} />],
                [
                  text('institutions.promisedOn'),
                  data.onboarding.promisedOn === null ? null : day(data.onboarding.promisedOn),
                ],
                [text('onboarding.forecast'), <Forecast key="forecast" of={data.forecast} />],
              ]}
            />
            <Section title={text('onboarding.dwell')}>
              <DataTable
                plain
                name="dwell"
                label={text('onboarding.dwell')}
                rows={onboardingStages}
                rowKey={(stage) => stage}
                empty={text('word.none')}
                columns={[
                  {
                    key: 'stage',
                    header: text('institutions.stage'),
                    cell: (stage) => text(`stage.${stage}`),
                  },
                  {
                    key: 'dwell',
                    header: text('onboarding.took'),
                    end: true,
                    cell: (stage) => {
                      const ms = data.dwellMs[stage];
                      return ms == null ? '–' : duration(ms);
                    },
                  },
                  {
                    key: 'again',
                    header: text('onboarding.again'),
                    end: true,
                    cell: (stage) => data.reentries[stage] || '–',
                  },
                ]}
              />
            </Section>
            <Section title={text('onboarding.waited')}>
              <Facts
                of={waitingSides.map((side) => [text(`side.${side}`), duration(data.waitingMs[side] ?? 0)])}
              />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

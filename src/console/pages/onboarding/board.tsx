import { onboardingStages } from '../../../../contracts/onboarding.ts';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { RequestOnboarding } from './request-onboarding.tsx';

type Onboarding = Reply<'listOnboardings'>['onboardings'][number];

/** An institution's new integrations by their stage, with their age and whom they wait for. */
export function OnboardingBoard() {
  const { text } = useLanguage();
  const { can } = useSession();
  const slug = usePathValue('slug');
  const onboardings = useRead('listOnboardings', { params: { slug } });
  return (
    <Page
      title={text('nav.onboarding')}
      about={text('onboarding.about')}
      actions={can('health:write') && <RequestOnboarding slug={slug} />}
    >
      <Loaded of={onboardings}>
        {({ onboardings: rows }) =>
          rows.length === 0 ? (
            <div className="empty">{text('onboarding.empty')}</div>
          ) : (
            <ul className="board">
              {onboardingStages.map((stage) => {
                const here = rows.filter((row) => row.stage === stage);
                return (
                  <li key={stage} className="board-stage">
                    <h2>
                      {text(`stage.${stage}`)} <span className="quiet">{here.length}</span>
                    </h2>
                    <ul>
                      {here.map((row) => (
                        <Card key={row.onboardingId} slug={slug} onboarding={row} />
                      ))}
                    </ul>
                  </li>
                );
              })}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}

function Card({ slug, onboarding }: { slug: string; onboarding: Onboarding }) {
  const { text, duration, day } = useLanguage();
  const { onboardingId, name, partner, waitingOn, requestedAt, promisedOn, endedAt } = onboarding;
  const age = Date.parse(endedAt ?? new Date().toISOString()) - Date.parse(requestedAt);
  return (
    <li className="board-card">
      <TextLink to="/institutions/$slug/onboarding/$onboardingId" params={{ slug, onboardingId }} fw={600}>
        {name}
      </TextLink>
      <div className="quiet">{partner}</div>
      <div>{text('onboarding.age', { age: duration(age) })}</div>
      {endedAt === null && <div>{text('onboarding.waits', { side: text(`side.${waitingOn}`) })}</div>}
      {promisedOn !== null && <div>{text('onboarding.promised', { day: day(promisedOn) })}</div>}
    </li>
  );
}

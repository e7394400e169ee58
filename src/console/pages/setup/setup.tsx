import { Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type SetupStep, setupSteps } from '../../../../contracts/http/roles.ts';
import type { Reply } from '../../api/contracts.ts';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Note } from '../../parts/note.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import type { Tone } from '../../parts/tone.ts';
import { usePathValue, useUrlState } from '../../parts/url-state.ts';
import { chooseStep } from './choose-step.ts';
import { IdentityStep } from './identity-step.tsx';
import { LmsStep } from './lms-step.tsx';
import { RosterStep } from './roster-step.tsx';
import { SetupLinks } from './setup-links.tsx';
import { SharingStep } from './sharing-step.tsx';

export type Setup = Reply<'showSetup'>;
export interface StepProps {
  slug: string;
  setup: Setup;
}

const pages: Readonly<Record<SetupStep, (props: StepProps) => React.ReactNode>> = {
  lms: LmsStep,
  identity: IdentityStep,
  roster: RosterStep,
  sharing: SharingStep,
};
const tones: Readonly<Record<Setup['steps'][number]['state'], Tone>> = {
  open: 'calm',
  connected: 'warn',
  done: 'good',
};

/** Sets an institution up step by step: the same page guides its admin and shows the hub's staff how far they are. */
export function SetupPage() {
  const { text } = useLanguage();
  const { can, who } = useSession();
  const slug = usePathValue('slug');
  const setup = useRead('showSetup', { params: { slug } }, { every: 4_000 });
  return (
    <Page title={text('setup.title')} about={text('setup.about')}>
      {can('admins:read') && who?.tenantSlug === null && (
        <SetupLinks slug={slug} name={setup.data?.name ?? slug} />
      )}
      <Loaded of={setup} lines={10}>
        {(data) => <Steps slug={slug} setup={data} />}
      </Loaded>
    </Page>
  );
}

function Steps({ slug, setup }: StepProps) {
  const { text } = useLanguage();
  const { who } = useSession();
  const [url] = useUrlState();
  const allowed = who?.setupSteps ?? setupSteps;
  const shown = setup.steps.filter(({ step }) => allowed.includes(step));
  const step = chooseStep(shown, url.step);
  const Content = pages[step];
  const next = shown[shown.findIndex((each) => each.step === step) + 1]?.step;
  const current = shown.find((each) => each.step === step);
  return (
    <Stack gap="lg">
      {setup.finished && (
        <Note tone="good" title={text('setup.finished')} role="status">
          <Text size="sm">{text('setup.finished.about')}</Text>
        </Note>
      )}
      <nav aria-label={text('setup.steps')}>
        <ol className="setup-steps">
          {shown.map((each) => (
            <li key={each.step}>
              <Link
                to="/institutions/$slug/setup"
                params={{ slug }}
                search={{ step: each.step }}
                className="setup-step"
                aria-current={each.step === step ? 'step' : undefined}
              >
                <span className="setup-step-name">{text(`setup.step.${each.step}`)}</span>
                {each.wanted ? (
                  <Tag tone={tones[each.state]}>{text(`setup.state.${each.state}`)}</Tag>
                ) : (
                  <Tag tone="calm">{text('setup.notWanted')}</Tag>
                )}
                {each.waitingOn !== null && (
                  <Text size="xs" c="dimmed">
                    {text(`setup.waits.${each.waitingOn}`)}
                  </Text>
                )}
              </Link>
            </li>
          ))}
        </ol>
      </nav>
      <Section title={text(`setup.step.${step}`)}>
        <Stack gap="lg">
          <Text c="dimmed">{text(`setup.needs.${step}`)}</Text>
          <Content key={step} slug={slug} setup={setup} />
          {current?.state === 'done' && next !== undefined && (
            <p>
              <Link to="/institutions/$slug/setup" params={{ slug }} search={{ step: next }}>
                {text('setup.next')}: {text(`setup.step.${next}`)}
              </Link>
            </p>
          )}
        </Stack>
      </Section>
    </Stack>
  );
}

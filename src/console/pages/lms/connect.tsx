import { useNavigate } from '@tanstack/react-router';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { TextLink } from '../../parts/links.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { NewLms } from '../setup/new-lms.tsx';

/** Connects an LMS by the forms of the set-up; then a launch is tried on the page of what was made. */
export function ConnectLmsPage() {
  const { text } = useLanguage();
  const { mayCall } = useSession();
  const slug = usePathValue('slug');
  const navigate = useNavigate();
  return (
    <Page
      title={text('lms.connect')}
      about={text('setup.needs.lms')}
      above={
        <TextLink to="/institutions/$slug/lms" params={{ slug }}>
          {text('nav.lms')}
        </TextLink>
      }
    >
      {mayCall('connectLms') ? (
        <Section title={text('setup.step.lms')}>
          <NewLms
            slug={slug}
            onMade={(connectionId) =>
              void navigate({
                to: '/institutions/$slug/lms/$connectionId',
                params: { slug, connectionId },
                search: { try: 'yes' },
              })
            }
          />
        </Section>
      ) : (
        text('connect.notAllowed')
      )}
    </Page>
  );
}

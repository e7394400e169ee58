import { useNavigate } from '@tanstack/react-router';
import { useLanguage } from '../../i18n/language.ts';
import { TextLink } from '../../parts/links.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { ConnectPage } from '../setup/connect-page.tsx';
import { NewLms } from '../setup/new-lms.tsx';

/** Connects an LMS by the forms of the set-up; then a launch is tried on the page of what was made. */
export function ConnectLmsPage() {
  const { text } = useLanguage();
  const slug = usePathValue('slug');
  const navigate = useNavigate();
  const show = (connectionId: string) =>
    void navigate({
      to: '/institutions/$slug/lms/$connectionId',
      params: { slug, connectionId },
      search: { try: 'yes' },
    });
  return (
    <ConnectPage
      title={text('lms.connect')}
      step="lms"
      endpoint="connectLms"
      above={
        <TextLink to="/institutions/$slug/lms" params={{ slug }}>
          {text('nav.lms')}
        </TextLink>
      }
    >
      <NewLms slug={slug} onMade={show} />
    </ConnectPage>
  );
}

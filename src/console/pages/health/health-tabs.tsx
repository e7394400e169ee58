import { Link } from '@tanstack/react-router';
import { useLanguage } from '../../i18n/language.ts';
import type { TextKey } from '../../i18n/translate.ts';

const pages = [
  { to: '/institutions/$slug/health', label: 'nav.healthNow' },
  { to: '/institutions/$slug/health/readiness', label: 'nav.readiness' },
  { to: '/institutions/$slug/health/periods', label: 'nav.periods' },
  { to: '/institutions/$slug/health/changes', label: 'nav.changes' },
  { to: '/institutions/$slug/health/probes', label: 'nav.probes' },
  { to: '/institutions/$slug/health/targets', label: 'nav.targets' },
  { to: '/institutions/$slug/health/reports', label: 'nav.reports' },
] as const satisfies readonly { to: string; label: TextKey }[];

/** The way between an institution's pages about health. */
export function HealthTabs({ slug }: { slug: string }) {
  const { text } = useLanguage();
  return (
    <nav className="subtabs" aria-label={text('nav.healthPages')}>
      {pages.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          params={{ slug }}
          className="subtab"
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {text(label)}
        </Link>
      ))}
    </nav>
  );
}

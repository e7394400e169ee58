import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { TextLink } from '../../parts/links.tsx';
import { Note } from '../../parts/note.tsx';
import { Countdown } from './countdown.tsx';

/** Says on every page of an institution that somebody of the hub is allowed more there, and until when. */
export function RaisedBanner({ slug }: { slug: string }) {
  const { text } = useLanguage();
  const { can } = useSession();
  const raised = useRead(
    'listRaisedRights',
    { params: { slug } },
    { every: 30_000, enabled: can('break-glass:read') },
  );
  const active = raised.data?.raisedRights.filter(({ active: isActive }) => isActive) ?? [];
  if (active.length === 0) return null;
  return (
    <Note tone="warn" role="status" title={text('raised.banner', { count: active.length })}>
      {active.map(({ raiseId, reason, endsAt }) => (
        <p key={raiseId}>
          {reason} · {text('raised.left')} <Countdown until={endsAt} />
        </p>
      ))}
      <TextLink to="/institutions/$slug/access" params={{ slug }}>
        {text('nav.access')}
      </TextLink>
    </Note>
  );
}

import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { TextLink } from '../../parts/links.tsx';
import { Note } from '../../parts/note.tsx';
import { When } from '../../parts/when.tsx';

/**
 * Says on every page of an institution whose way in somebody of outside has handed out lately: they could have come in by it
 * themselves, and agreed in the institution's name.
 */
export function HandedBanner({ slug }: { slug: string }) {
  const { text } = useLanguage();
  const { can } = useSession();
  const found = useRead(
    'listHandedWays',
    { params: { slug } },
    { every: 60_000, enabled: can('admins:read') },
  );
  if (found.data === undefined) return null;
  const { accounts, more, signIns, waiting } = found.data;
  const handed = [
    ...accounts.map((each) => ({ ...each, key: each.operatorId })),
    ...signIns.map((each) => ({ ...each, key: each.connectionId })),
  ];
  if (handed.length === 0 && waiting === null && !more) return null;
  return (
    <Note
      tone={waiting === null ? 'calm' : 'warn'}
      role="status"
      title={text(waiting === null ? 'handed.banner' : 'handed.banner.waiting')}
    >
      {handed.map(({ key, name, by, at, until }) => (
        <p key={key}>
          {name} · <When at={at} /> · {text('handed.by')}{' '}
          <span>{by.map((each) => each.name ?? each.actor).join(', ')}</span> · {text('handed.until')}{' '}
          <When at={until} />
        </p>
      ))}
      {more && <p>{text('handed.more')}</p>}
      <p>{text(waiting === null ? 'handed.about' : 'handed.about.waiting')}</p>
      {waiting !== null && waiting.countsFrom !== null && (
        <p>
          {text('handed.countsFrom')} <When at={waiting.countsFrom} />
        </p>
      )}
      <TextLink to="/institutions/$slug/access" params={{ slug }}>
        {text('nav.access')}
      </TextLink>
    </Note>
  );
}

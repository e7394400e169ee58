import { ago, placeOf } from '../i18n/formats.ts';
import { useLanguage } from '../i18n/language.ts';
import { useZone } from './zone.ts';

/** An instant by the viewer's clocks, with the institution's beside it where they differ. */
export function When({ at, relative = false }: { at: string | null | undefined; relative?: boolean }) {
  const language = useLanguage();
  const zone = useZone();
  if (at === null || at === undefined) return <span>–</span>;
  const own = language.instant(at);
  const theirs = zone === undefined ? undefined : language.instant(at, zone);
  const beside =
    zone === undefined || theirs === own
      ? undefined
      : language.text('time.in', { time: language.time(at, zone), place: placeOf(zone) });
  const shown = relative ? ago(language.text, language, at, Date.now()) : own;
  return (
    <time dateTime={at} title={[own, beside].filter(Boolean).join(' · ')} className="when">
      {shown}
      {beside && !relative && <span className="when-there">{beside}</span>}
    </time>
  );
}

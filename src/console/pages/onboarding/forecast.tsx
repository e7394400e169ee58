import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';

/** When it will be stable, as a range; or why that cannot be said. */
export function Forecast({ of: forecast }: { of: Reply<'showOnboarding'>['forecast'] }) {
  const { text, day } = useLanguage();
  if (forecast === null) return '–';
  if (forecast.kind !== 'forecast') return text(`forecast.${forecast.kind}`);
  const [early, late] = [day(forecast.early), day(forecast.late)];
  return text('forecast.range', { likely: day(forecast.likely), early, late });
}

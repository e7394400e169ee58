import type { Rate } from '../../../contracts/health.ts';
import type { ReportLanguage } from '../../../contracts/reports.ts';
import { wallTimeIn } from '../../platform/zoned-time.ts';
import type { ReportTexts } from './texts.ts';

/** How a language writes what reports say; times by the clocks of a zone. */
export function formatsOf(language: ReportLanguage, zone: string) {
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 });
  const ratio = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const show = wallTimeIn(zone);
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    count: (value: number) => number.format(value),
    ratio: (value: number | null) => (value === null ? '–' : ratio.format(value)),
    /** A share; of fewer than 20 the counts and the interval, since a percentage would say more than is known. */
    rate: ({ part, whole, share, low, high, isSmall }: Rate) => {
      if (share === null) return '–';
      if (!isSmall) return percent.format(share);
      return `${part}/${whole} (${percent.format(low ?? 0)} – ${percent.format(high ?? 1)})`;
    },
    /** As `2026-11-21 09:30`. */
    time: (at: Date) => {
      const { year, month, day, hour, minute } = show(at.getTime());
      return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
    },
    /** Milliseconds in the unit that says most. */
    duration: (ms: number | null, texts: ReportTexts) => {
      if (ms === null) return '–';
      const minutes = ms / 60_000;
      if (minutes < 120) return `${number.format(Math.round(minutes))} ${texts.minutes}`;
      if (minutes < 48 * 60) return `${number.format(Math.round(minutes / 6) / 10)} ${texts.hours}`;
      return `${number.format(Math.round(minutes / 144) / 10)} ${texts.days}`;
    },
  };
}
export type Formats = ReturnType<typeof formatsOf>;

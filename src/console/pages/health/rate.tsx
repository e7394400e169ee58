import type { ReactNode } from 'react';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';

export type Numbers = Reply<'hubOverview'>['total']['24h'];
export type RateValue = Numbers['failureRate'];

/** A share; where it was counted from too few, the counts and the interval in its place (Wilson, 95 %). */
export function Rate({ of: rate, children }: { of: RateValue; children?: (shown: string) => ReactNode }) {
  const { text, percent, count } = useLanguage();
  if (rate.share === null) return <span>–</span>;
  const counts = text('health.partOf', { part: count(rate.part), whole: count(rate.whole) });
  const interval =
    rate.low === null || rate.high === null
      ? undefined
      : text('health.interval', { low: percent(rate.low), high: percent(rate.high) });
  const shown = rate.isSmall ? counts : percent(rate.share);
  return (
    <span title={[counts, interval].filter(Boolean).join(' · ')}>
      {children === undefined ? shown : children(shown)}
    </span>
  );
}

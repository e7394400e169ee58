import type { ReactNode } from 'react';
import type { ExchangeKind, NumberName, WindowName } from '../../../../contracts/health.ts';
import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { ExchangeLink } from './exchange-link.tsx';
import { Rate } from './rate.tsx';

export interface FiguresProps {
  overview: Reply<'hubOverview'>;
  window: WindowName;
  slug: string | undefined;
  filter: { partner?: string; kind?: ExchangeKind };
}

/** The few numbers that say whether somebody has to look further; each opens the rows behind it. */
export function HealthFigures({ overview, window, slug, filter }: FiguresProps) {
  const { text, count, duration } = useLanguage();
  const numbers = overview.total[window];
  const { delivery } = overview;
  const behind = (number: NumberName) => (shown: string) => (
    <ExchangeLink slug={slug} search={{ number, window, ...filter }}>
      {shown}
    </ExchangeLink>
  );
  return (
    <div className="figures">
      <Figure
        name={text('health.failureRate')}
        value={<Rate of={numbers.failureRate}>{behind('failed')}</Rate>}
        about={text('health.partOf', {
          part: count(numbers.failureRate.part),
          whole: count(numbers.failureRate.whole),
        })}
      />
      <Figure
        name={text('health.firstTry')}
        value={<Rate of={numbers.firstTrySuccess}>{behind('retried')}</Rate>}
        about={text('health.firstTry.about')}
      />
      <Figure
        name={text('health.ended')}
        value={behind('ended')(count(numbers.ended))}
        about={text(`health.window.${window}`)}
      />
      <Figure
        name={text('health.onTime')}
        value={<Rate of={delivery.onTime} />}
        about={text('health.onTime.about')}
      />
      <Figure
        name={text('health.oldest')}
        value={delivery.oldestMs === null ? text('word.none') : duration(delivery.oldestMs)}
        about={text('health.pending', { count: delivery.pending })}
      />
    </div>
  );
}

/** One number with its name. */
export function Figure({
  name,
  value,
  about,
}: {
  name: string;
  value: ReactNode;
  about?: ReactNode | undefined;
}) {
  return (
    <div className="figure">
      <div className="figure-name">{name}</div>
      <div className="figure-value">{value}</div>
      {about && <div className="figure-about">{about}</div>}
    </div>
  );
}

import { useInterval } from '@mantine/hooks';
import { useState } from 'react';
import { useLanguage } from '../../i18n/language.ts';
import { timeLeft } from './time-left.ts';

/** How long it is until an instant, going down by itself. Nothing is announced each second: readers ask when they want. */
export function Countdown({ until }: { until: string }) {
  const { text } = useLanguage();
  const [now, setNow] = useState(() => Date.now());
  useInterval(() => setNow(Date.now()), 1_000, { autoInvoke: true });
  const left = timeLeft(until, now);
  return (
    <span role="timer" aria-live="off" className="countdown">
      {left ?? text('raised.over')}
    </span>
  );
}

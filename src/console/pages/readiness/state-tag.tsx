import { useLanguage } from '../../i18n/language.ts';
import { Tag } from '../../parts/tag.tsx';
import type { Tone } from '../../parts/tone.ts';
import type { Check } from './todo.ts';

const tones: Readonly<Record<Check['state'], Tone>> = {
  ready: 'good',
  stale: 'warn',
  missing: 'warn',
  failed: 'bad',
  unknown: 'calm',
};

/** How a check stands. */
export function StateTag({ of: { state } }: { of: Check }) {
  const { text } = useLanguage();
  return <Tag tone={tones[state]}>{text(`readyState.${state}`)}</Tag>;
}

/** How old its evidence is; nothing where there is none, or it is what holds now. */
export function EvidenceAge({ of: { ageMs } }: { of: Check }) {
  const { duration } = useLanguage();
  return ageMs === null ? '–' : duration(ageMs);
}

/** Whether everything is ready. */
export function ReadyTag({ isReady }: { isReady: boolean }) {
  const { text } = useLanguage();
  return (
    <Tag tone={isReady ? 'good' : 'warn'}>{text(isReady ? 'readiness.ready' : 'readiness.notReady')}</Tag>
  );
}

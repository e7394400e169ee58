import type { SwitchState } from '../../../../contracts/tools.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Tag } from '../../parts/tag.tsx';

/** Whether something is on. */
export function SwitchTag({ state }: { state: SwitchState }) {
  const { text } = useLanguage();
  return <Tag tone={state === 'active' ? 'good' : 'calm'}>{text(`connectionState.${state}`)}</Tag>;
}

import type { Reply } from '../../api/contracts.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Section } from '../../parts/page.tsx';
import { Values } from '../setup/copy.tsx';

/** What is entered at an LMS, or at its vendor, of the hub. */
export function ForLms({ of: forLms }: { of: Reply<'showLms'>['forLms'] }) {
  const { text } = useLanguage();
  return (
    <Section title={text('lms.forLms')}>
      <Values
        label={text('lms.forLms')}
        of={[
          { name: text('lms.loginUrl'), value: forLms.loginUrl },
          { name: text('lms.redirectUri'), value: forLms.redirectUri },
          { name: text('lms.hubKeys'), value: forLms.jwksUrl },
          ...forLms.targetLinkUris.map((value, index) => ({
            name: text('lms.targetLinkUri', { no: index + 1 }),
            value,
          })),
        ]}
      />
    </Section>
  );
}

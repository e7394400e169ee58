import type { ReactNode } from 'react';
import type { WriteName } from '../../api/contracts.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Page, Section } from '../../parts/page.tsx';

/** The page of an institution that connects something by a form of the set-up. */
export function ConnectPage({
  title,
  step,
  above,
  endpoint,
  children,
}: {
  title: string;
  /** The step of the set-up whose form it is. */
  step: 'lms' | 'identity' | 'roster';
  /** The way back to what is connected. */
  above: ReactNode;
  /** What the form calls: who may not is told so. */
  endpoint: WriteName;
  children: ReactNode;
}) {
  const { text } = useLanguage();
  const { mayCall } = useSession();
  return (
    <Page title={title} about={text(`setup.needs.${step}`)} above={above}>
      {mayCall(endpoint) ? (
        <Section title={text(`setup.step.${step}`)}>{children}</Section>
      ) : (
        text('connect.notAllowed')
      )}
    </Page>
  );
}

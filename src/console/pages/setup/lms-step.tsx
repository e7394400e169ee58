import { Text } from '@mantine/core';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Connections } from './connections.tsx';
import { LaunchTest } from './launch-test.tsx';
import { NewLms } from './new-lms.tsx';
import type { StepProps } from './setup.tsx';

/** The LMS by its name, then by a link or by hand, then a launch that is followed as it arrives. */
export function LmsStep({ slug, setup }: StepProps) {
  const { text } = useLanguage();
  const { can } = useSession();
  if (!can('lms:write')) return <Text>{text('setup.readOnly')}</Text>;
  return (
    <Connections setup={setup} kind="lms" make={(onMade) => <NewLms slug={slug} onMade={onMade} />}>
      {({ connectionId }) => <LaunchTest key={connectionId} slug={slug} connectionId={connectionId} />}
    </Connections>
  );
}

import { Text } from '@mantine/core';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Connections } from './connections.tsx';
import { NewRoster } from './new-roster.tsx';
import { RosterPreview } from './roster-preview.tsx';
import type { StepProps } from './setup.tsx';

/** The source of the roster, and a preview of what it holds: nothing is applied. */
export function RosterStep({ slug, setup }: StepProps) {
  const { text } = useLanguage();
  const { can } = useSession();
  if (!can('rosters:write')) return <Text>{text('setup.readOnly')}</Text>;
  return (
    <Connections setup={setup} kind="roster" make={(onMade) => <NewRoster slug={slug} onMade={onMade} />}>
      {({ connectionId, lastTry }) => (
        <RosterPreview
          key={connectionId}
          slug={slug}
          connectionId={connectionId}
          lastRunId={lastTry?.reference}
        />
      )}
    </Connections>
  );
}

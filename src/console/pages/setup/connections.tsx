import { Button, Group, Radio, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useLanguage } from '../../i18n/language.ts';
import { Tag } from '../../parts/tag.tsx';
import { When } from '../../parts/when.tsx';
import type { Setup } from './setup.tsx';

type Connection = Setup['connections'][number];

/** The connections of one step: one of them is tried, or another one is made. What was typed once is never asked for again. */
export function Connections({
  setup,
  kind,
  make,
  children,
}: {
  setup: Setup;
  kind: Connection['kind'];
  /** The form that makes one; called with what is to be done when it is made. */
  make: (onMade: (connectionId: string) => void) => ReactNode;
  children: (connection: Connection) => ReactNode;
}) {
  const { text } = useLanguage();
  const own = setup.connections.filter((each) => each.kind === kind && each.state !== 'disabled');
  const [chosenId, choose] = useState<string>();
  const [isAdding, setAdding] = useState(false);
  const chosen = own.find(({ connectionId }) => connectionId === chosenId) ?? own.at(-1);
  const onMade = (connectionId: string) => {
    choose(connectionId);
    setAdding(false);
  };
  if (chosen === undefined || isAdding) return make(onMade);
  return (
    <Stack gap="lg">
      <Radio.Group label={text('setup.connections')} value={chosen.connectionId} onChange={choose}>
        <Stack gap="xs" mt={6}>
          {own.map(({ connectionId, name, verifiedAt }) => (
            <Group key={connectionId} gap="sm">
              <Radio value={connectionId} label={name} />
              {verifiedAt === null ? (
                <Tag tone="warn">{text('setup.state.connected')}</Tag>
              ) : (
                <>
                  <Tag tone="good">{text('setup.state.done')}</Tag>
                  <When at={verifiedAt} relative />
                </>
              )}
            </Group>
          ))}
        </Stack>
      </Radio.Group>
      {children(chosen)}
      <div>
        <Button size="xs" variant="default" onClick={() => setAdding(true)}>
          {text('setup.connections.another')}
        </Button>
      </div>
    </Stack>
  );
}

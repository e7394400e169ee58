import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { notificationChannels, severities } from '../../../../contracts/incidents.ts';
import { useLanguage } from '../../i18n/language.ts';
import { withReason } from '../../parts/act.tsx';
import { Ask } from '../../parts/ask.tsx';
import type { Entered } from '../../parts/fields.ts';

type Channel = (typeof notificationChannels)[number];

/** Has somebody told of incidents: by mail, webhook or chat. */
export function AddTarget({
  slug,
  onDone,
}: {
  slug: string | undefined;
  /** Given the secret of a webhook, which is shown this once. */
  onDone: (secret: string | undefined) => void;
}) {
  const { text } = useLanguage();
  const [channel, setChannel] = useState<Channel>('email');
  const body = (entered: Entered) => ({
    channel,
    name: entered.text('name'),
    leastSeverity: severities.find((each) => each === entered.text('leastSeverity')) ?? 'page',
    ...(channel === 'email' ? { to: entered.lines('to') } : { url: entered.text('url') }),
    ...withReason(entered.given('reason')),
  });
  const shared = {
    label: text('targets.add'),
    reason: 'asked',
    onOpen: () => setChannel('email'),
    onDone: ({ secret }: { secret: string | null }) => onDone(secret ?? undefined),
    children: <Fields channel={channel} setChannel={setChannel} />,
  } as const;
  return slug === undefined ? (
    <Ask {...shared} name="addHubTarget" input={(entered) => ({ body: body(entered) })} />
  ) : (
    <Ask {...shared} name="addTarget" input={(entered) => ({ params: { slug }, body: body(entered) })} />
  );
}

function Fields({ channel, setChannel }: { channel: Channel; setChannel: (channel: Channel) => void }) {
  const { text } = useLanguage();
  return (
    <>
      <TextInput name="name" label={text('overview.name')} maxLength={200} required />
      <NativeSelect
        label={text('targets.channel')}
        value={channel}
        onChange={({ currentTarget: { value } }) =>
          setChannel(notificationChannels.find((each) => each === value) ?? 'email')
        }
        data={notificationChannels.map((value) => ({ value, label: text(`channel.${value}`) }))}
      />
      {channel === 'email' ? (
        <Textarea
          key="to"
          name="to"
          label={text('targets.to')}
          description={text('targets.to.about')}
          autosize
          minRows={2}
          required
        />
      ) : (
        <TextInput
          key="url"
          name="url"
          type="url"
          label={text('targets.url')}
          description={text('targets.url.about')}
          maxLength={2000}
          required
        />
      )}
      <NativeSelect
        name="leastSeverity"
        label={text('targets.leastSeverity')}
        data={severities.map((value) => ({ value, label: text(`urgency.${value}`) }))}
      />
    </>
  );
}

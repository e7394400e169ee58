import { Button, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import type { FamilyName } from '../../../../contracts/lms.ts';
import { useRead, useWrite } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Note } from '../../parts/note.tsx';
import { Once } from './copy.tsx';

/** A link that the LMS uses once to connect itself; what comes of each try is told while the page is open. */
export function LmsByLink({
  slug,
  family,
  site,
  onMade,
}: {
  slug: string;
  family: FamilyName;
  /** The LMS's own address, where it is known: its host may register. */
  site: string | undefined;
  onMade: (connectionId: string) => void;
}) {
  const { text } = useLanguage();
  const invite = useWrite('inviteLms');
  const invitationId = invite.data?.invitation.invitationId;
  const listed = useRead(
    'listLmsInvitations',
    { params: { slug } },
    { enabled: invitationId !== undefined, every: 2_000 },
  );
  const invitation = listed.data?.invitations.find((each) => each.invitationId === invitationId);
  const madeId = invitation?.connectionId;
  useEffect(() => {
    if (madeId) onMade(madeId);
  }, [madeId, onMade]);
  const make = () => {
    const hosts = site === undefined ? [] : [new URL(site).hostname];
    invite.mutate({ params: { slug }, body: { family, hosts } });
  };
  const failed = invitation?.tries.find(({ reason }) => reason !== null);
  return (
    <Stack gap="sm">
      <Title order={3}>{text('setup.lms.byLink')}</Title>
      {invite.data === undefined ? (
        <div>
          <Button onClick={make} loading={invite.isPending}>
            {text('setup.lms.makeLink')}
          </Button>
        </div>
      ) : (
        <>
          <Text size="sm">{text('setup.lms.byLink.about')}</Text>
          <Once name={text('setup.lms.link')} value={invite.data.link} />
          <Text role="status" size="sm" c="dimmed">
            {text('setup.lms.waiting')}
          </Text>
        </>
      )}
      {failed && (
        <Note tone="bad" role="alert">
          <Text size="sm">
            {text('setup.lms.tryFailed', { host: failed.host ?? '–', reason: failed.reason ?? '' })}
          </Text>
        </Note>
      )}
      {invite.isError && <FailureNote error={invite.error} />}
    </Stack>
  );
}

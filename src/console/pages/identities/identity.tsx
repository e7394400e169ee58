import { Stack } from '@mantine/core';
import { useRead } from '../../api/queries.ts';
import { useSession } from '../../app/session.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Facts } from '../../parts/facts.tsx';
import { TextLink } from '../../parts/links.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Tag } from '../../parts/tag.tsx';
import { usePathValue } from '../../parts/url-state.ts';
import { sourceTones } from '../rosters/tones.ts';
import { OwnSide } from '../setup/own-side.tsx';
import { SignInTest } from '../setup/sign-in-test.tsx';

/** One sign-in connection: what it is, what the other side has to know of the hub, and a test sign-in. */
export function IdentityPage() {
  const { text, word } = useLanguage();
  const { mayCall } = useSession();
  const params = { slug: usePathValue('slug'), connectionId: usePathValue('connectionId') };
  const shown = useRead('showIdentity', { params });
  return (
    <Page
      title={shown.data?.identity.name ?? text('nav.identities')}
      above={
        <TextLink to="/institutions/$slug/identities" params={params}>
          {text('nav.identities')}
        </TextLink>
      }
    >
      <Loaded of={shown}>
        {({ identity: { protocol, preset, status, domains, matchAttribute, secrets } }) => (
          <Stack gap="lg">
            <Facts
              of={[
                [
                  text('overview.state'),
                  <Tag key="state" tone={sourceTones[status]}>
                    {text(`connectionState.${status}`)}
                  </Tag>,
                ],
                [text('identities.protocol'), `${protocol.toUpperCase()} · ${word('product', preset)}`],
                [text('setup.identity.match'), matchAttribute],
                [text('identities.domains'), domains.join(', ') || null],
                [text('identities.secrets'), secrets.join(', ') || null],
              ]}
            />
            <Section title={text('connect.try')}>
              <Stack gap="lg">
                <OwnSide {...params} />
                {mayCall('makeTestLink') && status !== 'disabled' && <SignInTest {...params} />}
              </Stack>
            </Section>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

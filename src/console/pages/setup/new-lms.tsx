import { Select, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type FamilyName, familyNames } from '../../../../contracts/lms.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Note } from '../../parts/note.tsx';
import { LmsByHand } from './lms-by-hand.tsx';
import { LmsByLink } from './lms-by-link.tsx';
import { familyAt } from './pasted.ts';

const titles: Readonly<Partial<Record<FamilyName, string>>> = {
  canvas: 'Canvas',
  moodle: 'Moodle',
  blackboard: 'Blackboard',
  brightspace: 'Brightspace',
  schoology: 'Schoology',
  sakai: 'Sakai',
};

/** Connects an LMS: by its name, then by a link or by hand. */
export function NewLms({ slug, onMade }: { slug: string; onMade: (connectionId: string) => void }) {
  const { text } = useLanguage();
  const [family, setFamily] = useState<FamilyName>();
  const [site, setSite] = useState('');
  const address = URL.canParse(site) && /^https?:/.test(site) ? site : undefined;
  const query = { family: family ?? 'generic', ...(address === undefined ? {} : { site: address }) };
  const sheet = useRead(
    'showLmsSetup',
    { params: { slug }, query },
    { enabled: family !== undefined, keep: true },
  );
  return (
    <Stack gap="lg">
      <Stack gap="sm" className="setup-form">
        <Select
          label={text('setup.lms.family')}
          value={family ?? null}
          onChange={(value) => setFamily(familyNames.find((each) => each === value))}
          data={familyNames.map((value) => ({ value, label: titles[value] ?? text('setup.lms.generic') }))}
          allowDeselect={false}
        />
        <TextInput
          type="url"
          label={text('setup.lms.site')}
          description={text('setup.lms.site.about')}
          value={site}
          onChange={({ currentTarget: { value } }) => {
            setSite(value);
            setFamily((chosen) => chosen ?? familyAt(value));
          }}
        />
      </Stack>
      {family !== undefined && (
        <Loaded of={sheet}>
          {(data) => (
            <>
              {data.hubWide && (
                <Note tone="busy">
                  <Text size="sm">{text('setup.lms.hubWide')}</Text>
                </Note>
              )}
              {data.offersRegistration && (
                <LmsByLink key={family} slug={slug} family={family} site={address} onMade={onMade} />
              )}
              {!data.hubWide && (
                <LmsByHand
                  key={`${family} by hand`}
                  slug={slug}
                  sheet={data}
                  site={address}
                  onMade={onMade}
                />
              )}
            </>
          )}
        </Loaded>
      )}
    </Stack>
  );
}

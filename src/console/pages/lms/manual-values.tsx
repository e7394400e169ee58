import { Anchor, Code, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { familyNames } from '../../../../contracts/lms.ts';
import { useRead } from '../../api/queries.ts';
import { useLanguage } from '../../i18n/language.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Section } from '../../parts/page.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { oneOf } from '../../parts/url-values.ts';
import { Values } from '../setup/copy.tsx';

/** What is entered by hand at an LMS, under the names and in the order of its own form. */
export function ManualValues({ slug }: { slug: string }) {
  const { text } = useLanguage();
  const [url, change] = useUrlState();
  const [site, setSite] = useState('');
  const [settled] = useDebouncedValue(site, 400);
  const family = oneOf(familyNames, url.family) ?? 'canvas';
  const query = { family, ...(/^https?:\/\/\S+$/.test(settled) ? { site: settled } : {}) };
  const values = useRead('showLmsSetup', { params: { slug }, query }, { keep: true });
  return (
    <Section title={text('lms.manual')}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          <NativeSelect
            label={text('lms.family')}
            value={family}
            onChange={({ currentTarget: { value } }) => change({ family: value })}
            data={familyNames.map((value) => ({ value, label: text(`family.${value}`) }))}
          />
          <TextInput
            label={text('lms.site')}
            type="url"
            value={site}
            onChange={({ currentTarget: { value } }) => setSite(value)}
            maxLength={2000}
            w={300}
            maw="100%"
          />
        </Group>
        <Loaded of={values} lines={6}>
          {(data) => (
            <Stack gap="sm">
              <Text size="sm">
                {data.where}{' '}
                {data.link !== null && (
                  <Anchor href={data.link} target="_blank" rel="noreferrer">
                    {text('lms.open')}
                  </Anchor>
                )}
              </Text>
              <Values label={text('lms.manual')} of={data.fields} />
              {data.document !== null && (
                <Code
                  block
                  className="document"
                  tabIndex={0}
                  aria-label={`${text('lms.manual')}: ${text(`family.${family}`)}`}
                  role="region"
                >
                  {data.document}
                </Code>
              )}
              <Text size="sm">{data.afterwards}</Text>
            </Stack>
          )}
        </Loaded>
      </Stack>
    </Section>
  );
}

import { Button, type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useWrite } from '../api/queries.ts';
import { useLanguage } from '../i18n/language.ts';
import { type Language, languages } from '../i18n/translate.ts';
import { useWho } from './session.ts';

const schemes = ['light', 'dark', 'auto'] as const satisfies readonly MantineColorScheme[];

/** Colours, language, the own account and signing out, under the name of whoever is signed in. */
export function AccountMenu() {
  const { text, language, setLanguage } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { name } = useWho();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const signOut = useWrite('signOutOperator');
  const leave = async () => {
    await signOut.mutateAsync({});
    queries.clear();
    await navigate({ to: '/' });
  };
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-md" className="bar-button">
          <span className="cut">{name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void navigate({ to: '/account' })}>{text('app.account')}</Menu.Item>
        <Menu.Divider />
        <Menu.Label>{text('app.scheme')}</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(chosen) => setColorScheme(chosen as MantineColorScheme)}
        >
          {schemes.map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {text(`app.scheme.${scheme}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{text('app.language')}</Menu.Label>
        <Menu.RadioGroup value={language} onChange={(chosen) => setLanguage(chosen as Language)}>
          {Object.entries(languages).map(([tag, own]) => (
            <Menu.RadioItem key={tag} value={tag} lang={tag}>
              {own}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item onClick={() => void leave()}>{text('app.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

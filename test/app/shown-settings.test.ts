import { expect, test } from 'vitest';
import { showSettings } from '../../src/app/shown-settings.ts';
import { readConfig } from '../../src/config.ts';

const environment = {
  DATABASE_URL: 'postgres://hub:pass-of-db@db.example/hub',
  GATEHOUSE_URL: 'https://hub.example',
  TRUSTED_PROXY_HOPS: '1',
  GATEHOUSE_KEK: 'main:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
  MAIL_URL: 'smtps://mail:pass-of-mail@mail.example',
  MAIL_FROM: 'hub@hub.example',
  LAUNCH_BURST: '77',
};

test('settings are shown by their names, and of secrets only that they are set', async () => {
  const { settings, version } = await showSettings(readConfig({ environment }));
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  const of = (name: string) => settings.find((each) => each.name === name);
  expect(of('GATEHOUSE_URL')).toMatchObject({ value: 'https://hub.example', secret: false });
  expect(of('LAUNCH_BURST')).toMatchObject({ value: '77' });
  for (const name of ['DATABASE_URL', 'GATEHOUSE_KEK', 'MAIL_URL']) {
    expect(of(name)).toMatchObject({ value: 'set', secret: true });
  }
  expect(of('GATEHOUSE_KEK_FILE')).toMatchObject({ value: null });
  const text = JSON.stringify(settings);
  for (const secret of ['pass-of-db', 'pass-of-mail', 'AAECAwQF']) expect(text).not.toContain(secret);
});

import { expect, test } from 'vitest';
import {
  fieldsOfSettings,
  isFillable,
  settingsOfForm,
} from '../../../../src/console/pages/setup/settings-fields.ts';
import { readEntered } from '../../../../src/console/parts/fields.ts';

const schema = {
  secrets: ['clientSecret', 'password'],
  settings: {
    properties: {
      place: { type: 'string', enum: ['upload', 'sftp'], default: 'upload', title: 'Where' },
      host: { type: 'string', title: 'Server' },
      password: { type: 'string' },
      baseUrl: { type: 'string', format: 'uri', title: 'Address' },
      clientId: { type: 'string', default: '' },
      clientSecret: { type: 'string' },
      scopes: { type: 'string' },
      pageSize: { type: 'integer' },
      lax: { type: 'boolean', default: false },
    },
    required: ['baseUrl', 'clientSecret'],
  },
};
const names = (place: string, more: boolean) =>
  fieldsOfSettings(schema, place)
    .filter((field) => field.more === more)
    .map(({ name }) => name);

test('what a place of files does not need is not asked for', () => {
  expect(names('upload', false)).toEqual(['place', 'baseUrl', 'clientId', 'clientSecret']);
  expect(names('sftp', false)).toEqual(['place', 'host', 'password', 'baseUrl', 'clientId', 'clientSecret']);
});

test('what only some need stands below', () => {
  expect(names('upload', true)).toEqual(['scopes', 'pageSize', 'lax']);
});

test('what is left empty is left out; numbers and switches are sent as such', () => {
  const fields = fieldsOfSettings(schema, 'upload');
  const form = new FormData();
  form.append('place', 'upload');
  form.append('baseUrl', ' https://sis.example ');
  form.append('clientSecret', 's');
  form.append('scopes', '');
  form.append('pageSize', '50');
  expect(settingsOfForm(fields, readEntered(form))).toEqual({
    ...{ place: 'upload', baseUrl: 'https://sis.example', clientSecret: 's', pageSize: 50, lax: false },
  });
});

test('a connector that needs a mapping of files is beyond a form', () => {
  expect(isFillable(schema)).toBe(true);
  const files = { type: 'array', items: { type: 'object' } };
  expect(isFillable({ settings: { properties: { files }, required: ['files'] } })).toBe(false);
});

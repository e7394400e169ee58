import { expect, test } from 'vitest';
import { claim } from '../../../src/lti/claims.ts';
import { readDeepLinkingSettings } from '../../../src/lti/deep-linking/settings.ts';

const given = {
  deep_link_return_url: 'https://lms.example/content',
  accept_types: ['link'],
  accept_presentation_document_targets: ['iframe'],
};
const read = (settings: unknown) =>
  readDeepLinkingSettings(
    { [claim.deepLinkingSettings]: settings },
    { allowLoopback: false },
    { hubWide: false },
  );

test('null entries and null data are not there', () => {
  expect(read({ ...given, accept_types: ['link', null], data: null })).toMatchObject({
    ok: true,
    settings: { acceptTypes: ['link'], data: undefined },
  });
  expect(read({ ...given, data: '' })).toMatchObject({ settings: { data: '' } });
});

test('what is required suffices', () => {
  expect(read(given)).toEqual({
    ok: true,
    settings: {
      returnUrl: given.deep_link_return_url,
      acceptTypes: ['link'],
      acceptTargets: ['iframe'],
      hubWide: false,
    },
  });
});

test.each([
  ['nothing', undefined, 'deep_linking_settings_missing'],
  ['a list', [], 'deep_linking_settings_missing'],
  ['no return address', { ...given, deep_link_return_url: undefined }, 'deep_linking_return_url_invalid'],
  ['a script', { ...given, deep_link_return_url: 'javascript:alert(1)' }, 'deep_linking_return_url_invalid'],
  ['no TLS', { ...given, deep_link_return_url: 'http://lms.example/' }, 'deep_linking_return_url_invalid'],
  ['no types', { ...given, accept_types: undefined }, 'deep_linking_settings_invalid'],
  ['types that are no list', { ...given, accept_types: 'link' }, 'deep_linking_settings_invalid'],
  [
    'no targets',
    { ...given, accept_presentation_document_targets: undefined },
    'deep_linking_settings_invalid',
  ],
  ['data that cannot go back', { ...given, data: 5 }, 'deep_linking_settings_invalid'],
  ['too much data', { ...given, data: 'x'.repeat(32_001) }, 'deep_linking_settings_invalid'],
])('what is required and wrong is refused: %s', (_name, settings, reason) => {
  expect(read(settings)).toEqual({ ok: false, reason });
});

test('null entries and null data are not there', () => {
  expect(read({ ...given, accept_types: ['link', null], data: null })).toMatchObject({
    ok: true,
    settings: { acceptTypes: ['link'], data: undefined },
  });
  expect(read({ ...given, data: '' })).toMatchObject({ settings: { data: '' } });
});

test('what is optional and wrong is as if it were not there', () => {
  expect(read({ ...given, accept_multiple: 'yes', title: 5, data: 'kept' })).toMatchObject({
    ok: true,
    settings: { acceptMultiple: undefined, title: undefined, data: 'kept' },
  });
});

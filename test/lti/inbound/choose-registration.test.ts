import { expect, test } from 'vitest';
import { chooseRegistration } from '../../../src/lti/inbound/choose-registration.ts';

const registration = (
  connectionId: string,
  clientId: string,
  status = 'active',
  issuer = 'https://lms.example',
) => ({
  connectionId,
  issuer,
  clientId,
  status,
});
const one = registration('1', 'one');
const two = registration('2', 'two');
const off = registration('3', 'off', 'disabled');

test('issuer and client_id together name a registration', () => {
  expect(chooseRegistration([one, two, off], one.issuer, 'two')).toEqual({ ok: true, registration: two });
});

test('an issuer is compared as it is written', () => {
  const slashed = registration('4', 'one', 'active', 'https://lms.example/');
  expect(chooseRegistration([one, slashed], 'https://lms.example/', 'one')).toMatchObject({
    registration: slashed,
  });
  expect(chooseRegistration([one], 'https://LMS.example', 'one')).toMatchObject({ reason: 'issuer_unknown' });
});

test('without a client_id a sole active registration is meant', () => {
  expect(chooseRegistration([one, off], one.issuer, undefined)).toEqual({ ok: true, registration: one });
});

test('without a client_id several active ones are named as candidates', () => {
  expect(chooseRegistration([one, two, off], one.issuer, undefined)).toEqual({
    ok: false,
    reason: 'client_id_ambiguous',
    candidates: [one, two],
  });
});

test('a registration that is off is told from one that is unknown', () => {
  expect(chooseRegistration([one, off], one.issuer, 'off')).toMatchObject({
    reason: 'registration_disabled',
  });
  expect(chooseRegistration([one, off], one.issuer, 'none')).toMatchObject({ reason: 'issuer_unknown' });
  expect(chooseRegistration([], one.issuer, undefined)).toMatchObject({ reason: 'issuer_unknown' });
});

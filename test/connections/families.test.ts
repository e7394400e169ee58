import { expect, test } from 'vitest';
import { families, familyNames, knownValues } from '../../src/connections/families.ts';
import { changeRegistration, planRegistration } from '../../src/connections/registration.ts';

const rules = { allowLoopback: false };
const keys = { keys: [{ kty: 'RSA', kid: 'k1', n: 'AQAB', e: 'AQAB' }] };

test.each(familyNames)(
  '%s: every known value has its reason, and templates name only what can be filled in',
  (name) => {
    for (const { template, reason } of Object.values(families[name].known)) {
      expect(reason).not.toBe('');
      expect(template.replace(/\{(issuer|clientId)\}/g, '')).not.toMatch(/[{}]/);
    }
  },
);

test('Canvas needs only a client ID', () => {
  expect(planRegistration({ family: 'canvas', clientId: '10000000000001' }, rules)).toMatchObject({
    issuer: 'https://canvas.instructure.com',
    authorizeUrl: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
    authorizeMethod: 'GET',
    status: 'active',
  });
});

test('a Canvas with another issuer is another installation, whose addresses have to be given', () => {
  const issuer = 'https://canvas.beta.instructure.com';
  expect(knownValues('canvas', { issuer, clientId: '1' })).toEqual({ issuer });
  expect(() => planRegistration({ family: 'canvas', clientId: '1', issuer }, rules)).toThrow(/authorizeUrl/);
});

test('Moodle’s addresses follow from its site, with or without a slash at the end', () => {
  const plan = (issuer: string) => planRegistration({ family: 'moodle', clientId: 'x', issuer }, rules);
  expect(plan('https://moodle.example').jwksUrl).toBe('https://moodle.example/mod/lti/certs.php');
  expect(plan('https://moodle.example/')).toMatchObject({
    issuer: 'https://moodle.example/',
    jwksUrl: 'https://moodle.example/mod/lti/certs.php',
  });
});

test('Blackboard’s key address holds the client ID, encoded', () => {
  expect(knownValues('blackboard', { clientId: 'a/b' }).jwksUrl).toBe(
    'https://developer.blackboard.com/api/v1/management/applications/a%2Fb/jwks.json',
  );
});

test('Brightspace wants its own audience', () => {
  const issuer = 'https://school.brightspace.com';
  expect(planRegistration({ family: 'brightspace', clientId: 'x', issuer }, rules).tokenAudience).toBe(
    'https://api.brightspace.com/auth/token',
  );
});

test('an audience is at the token address, or the vendor’s for the vendor’s own: else assertions for others could be gathered', () => {
  const issuer = 'https://school.brightspace.com';
  const plan = (more: object) =>
    planRegistration({ family: 'brightspace', clientId: 'x', issuer, ...more }, rules);
  const tokenUrl = 'https://elsewhere.example/token';
  const refusal = expect.objectContaining({ code: 'registration_invalid' });
  // The vendor's audience is filled in, and may not go to another's address.
  expect(() => plan({ tokenUrl })).toThrow(refusal);
  expect(() => plan({ tokenAudience: 'https://victim.example/token' })).toThrow(refusal);
  expect(() => plan({ tokenUrl, tokenAudience: 'https://elsewhere.example:8443/token' })).toThrow(refusal);
  for (const tokenAudience of ['https://elsewhere.example/', 'elsewhere.example']) {
    expect(plan({ tokenUrl, tokenAudience }).tokenAudience).toBe(tokenAudience);
  }
});

test('what is given wins over what is known', () => {
  const given = { family: 'canvas', clientId: '1', authorizeUrl: 'https://lms.example/auth' } as const;
  expect(planRegistration(given, rules).authorizeUrl).toBe('https://lms.example/auth');
});

test('pasted keys take the place of the family’s key address', () => {
  expect(planRegistration({ family: 'canvas', clientId: '1', jwks: keys }, rules)).toMatchObject({
    jwks: keys,
    jwksUrl: null,
  });
});

test('a generic LMS needs everything said', () => {
  const given = {
    family: 'generic',
    clientId: 'x',
    issuer: 'https://lms.example',
    authorizeUrl: 'https://lms.example/a',
  } as const;
  expect(() => planRegistration(given, rules)).toThrow(/JWKS/);
  expect(planRegistration({ ...given, jwksUrl: 'https://lms.example/k' }, rules).tokenUrl).toBeNull();
});

test('an unknown family is refused, also one named like a member of every object', () => {
  for (const family of ['nothing', 'constructor', '__proto__']) {
    expect(() => planRegistration({ family: family as 'canvas', clientId: 'x' }, rules)).toThrow(
      expect.objectContaining({ code: 'registration_invalid' }),
    );
  }
});

test('settings have safe defaults and are changed one by one', () => {
  const before = planRegistration(
    { family: 'canvas', clientId: '1', settings: { allowAnonymous: true } },
    rules,
  );
  expect(before.settings).toEqual({
    allowAnonymous: true,
    requireBrowserProof: true,
    targetMismatch: 'warn',
    iatWindowSeconds: 300,
    clockSkewSeconds: 60,
    frameAncestors: ['https:'],
    trustedAudiences: [],
    domain: null,
  });
  expect(changeRegistration(before, { settings: { iatWindowSeconds: 60 } }, rules).settings).toEqual({
    ...before.settings,
    iatWindowSeconds: 60,
  });
});

test.each([
  { iatWindowSeconds: 5 },
  { clockSkewSeconds: 1.5 },
  { frameAncestors: [] },
  { trustedAudiences: [''] },
  { unknown: true },
])('the settings %j are refused', (settings) => {
  expect(() =>
    planRegistration({ family: 'canvas', clientId: '1', settings: settings as object }, rules),
  ).toThrow(expect.objectContaining({ code: 'registration_invalid' }));
});

test('an LMS on plain http, as in the demo, may frame what it opens; what is set counts as it is', () => {
  const local = (settings?: { frameAncestors: string[] }) => {
    const addresses = {
      authorizeUrl: 'http://lms.localhost:3000/auth',
      jwksUrl: 'http://lms.localhost:3000/keys',
    };
    const lms = {
      family: 'generic',
      issuer: 'http://lms.localhost:3000',
      clientId: '1',
      ...addresses,
    } as const;
    return planRegistration({ ...lms, ...(settings && { settings }) }, { allowLoopback: true }).settings;
  };
  expect(local().frameAncestors).toEqual(['https:', 'http://lms.localhost:3000']);
  expect(local({ frameAncestors: ['https:'] }).frameAncestors).toEqual(['https:']);
});

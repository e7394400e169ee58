import { expect, test } from 'vitest';
import { decideLoginReason } from '../../../src/lti/inbound/login-reason.ts';
import type { StoredLogin } from '../../../src/lti/inbound/login-store.ts';
import type { ProvenLaunch } from '../../../src/lti/inbound/proven-launch.ts';
import { type Warning, warningsOf } from '../../../src/lti/inbound/warnings.ts';
import { hashSecret } from '../../../src/platform/handle.ts';

const now = 1_800_000_000_000;
const login: StoredLogin = {
  connectionId: 'connection',
  nonceHash: hashSecret('nonce'),
  browserHash: hashSecret('secret'),
  storageTarget: undefined,
  targetLinkUri: 'https://hub.example/open/x',
  request: { iss: 'i', login_hint: 'h', target_link_uri: 'https://hub.example/open/x' },
  expiresAt: new Date(now + 1),
};

interface Given {
  nonce?: string;
  proof?: ProvenLaunch['proof'];
  requireBrowserProof?: boolean;
  connectionId?: string;
  family?: string;
}

function launch(given: Given = {}): ProvenLaunch {
  const { nonce = 'nonce', proof = { rung: 'cookie', secret: 'secret' }, requireBrowserProof = true } = given;
  return {
    claims: { nonce },
    proof,
    registration: {
      connectionId: given.connectionId ?? 'connection',
      family: given.family ?? 'canvas',
      settings: { requireBrowserProof },
    },
  } as unknown as ProvenLaunch;
}

const unproven = { rung: 'none', secret: undefined } as const;

test('a login fits the launch with its registration, nonce and browser, until it expires', () => {
  expect(decideLoginReason(login, launch(), now)).toBeUndefined();
  expect(decideLoginReason(login, launch(), now + 1)).toBe('state_expired');
  expect(decideLoginReason(undefined, launch(), now)).toBe('state_unknown');
  expect(decideLoginReason(login, launch({ connectionId: 'another' }), now)).toBe('state_unknown');
  expect(decideLoginReason(login, launch({ nonce: 'another' }), now)).toBe('nonce_mismatch');
});

test('a browser without proof fits only where the registration waives it; a wrong proof never does', () => {
  const wrong = { rung: 'storage', secret: 'wrong' } as const;
  expect(decideLoginReason(login, launch({ proof: unproven }), now)).toBe('browser_unproven');
  expect(
    decideLoginReason(login, launch({ proof: unproven, requireBrowserProof: false }), now),
  ).toBeUndefined();
  for (const requireBrowserProof of [true, false]) {
    expect(decideLoginReason(login, launch({ proof: wrong, requireBrowserProof }), now)).toBe(
      'browser_unproven',
    );
  }
});

const warnings = (
  given: Given,
  lmsContextId: string | undefined,
  leftOut: Parameters<typeof warningsOf>[1]['leftOut'] = [],
): Warning[] =>
  warningsOf(launch(given), {
    lmsContextId,
    lmsResourceLinkId: 'same',
    agsMalformed: false,
    leftOut,
    membershipsMalformed: false,
    legacy: 'absent',
  });

test('a launch without proof of its browser carries a warning', () => {
  expect(warnings({ proof: unproven }, undefined)).toEqual(['browser_unproven']);
  expect(warnings({}, undefined)).toEqual([]);
});

test('a link that has its course’s id is a warning at Canvas, where that happens', () => {
  expect(warnings({}, 'same')).toEqual(['resource_link_equals_context']);
  expect(warnings({}, 'another')).toEqual([]);
  expect(warnings({ family: 'moodle' }, 'same')).toEqual([]);
});

test('what a launch does not keep is a warning', () => {
  const leftOut = ['roles_left_out', 'custom_left_out'] as const;
  expect(warnings({}, undefined, [...leftOut])).toEqual(leftOut);
});

import type { SignInReasonEntry } from '../../reasons/entry.ts';

/** Reasons of our own side, met before any message is looked at. */
export const connectionReasons = {
  metadata_missing: {
    outcome: 'failed_config',
    specification: 'Hub: a connection needs its identity provider’s metadata',
    turn: 'school',
    texts: 'setup',
    advice:
      'The identity provider’s metadata was never read, so that neither its addresses nor its certificates are known. Import it by address or as a file.',
    helpDesk: 'This way of signing in is not set up to the end. Ask the person who looks after it.',
  },
  metadata_expired: {
    outcome: 'failed_config',
    specification: 'SAML Metadata 2.0, 2.3.2 (validUntil)',
    turn: 'school',
    texts: 'setup',
    advice:
      'The identity provider’s metadata was valid until a moment that has passed, and no newer one could be read. Look at the failure of its last refresh, or import a newer file.',
    helpDesk:
      'What we know of the school’s sign-in system is too old to be trusted. Ask the person who looks after this connection.',
  },
} as const satisfies Record<string, SignInReasonEntry>;

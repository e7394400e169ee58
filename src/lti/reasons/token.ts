import type { ReasonEntry } from './entry.ts';

/** Reasons found in the id_token's header, signature and OpenID Connect claims. */
export const tokenReasons = {
  token_malformed: {
    outcome: 'failed_partner',
    specification: 'RFC 7519, 7.2',
    turn: 'school',
    texts: 'message',
    advice:
      'id_token is missing or is not a signed JWT. Check that the connection is set up as LTI 1.3, not as LTI 1.1.',
  },
  alg_refused: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.3',
    turn: 'partner',
    texts: 'message',
    advice:
      'The token’s header names another algorithm than RS256. The hub never takes the token’s own choice.',
  },
  header_refused: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.4; RFC 7515, 4.1.11',
    turn: 'partner',
    texts: 'message',
    advice:
      'The token’s header carries jku, jwk, x5u, x5c or crit. Keys come from the registered key set only.',
  },
  kid_missing: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 6.3',
    turn: 'partner',
    texts: 'message',
    advice: 'The token’s header has no kid, so that the key cannot be chosen from the key set.',
  },
  kid_unknown: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 6.3',
    turn: 'school',
    texts: 'message',
    advice:
      'The registered key set has no key with this kid, also after it was fetched again. Check the key set URL, or paste the new key where keys are pasted.',
    adviceByFamily: {
      canvas:
        'Production, beta and test Canvas have different key sets; check which of them this registration names.',
      moodle:
        'Moodle replaces its one key without overlap; the key set is /mod/lti/certs.php of the same site.',
    },
  },
  jwks_unreachable: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 6.3',
    turn: 'partner',
    texts: 'unreachable',
    advice:
      'The key set could not be fetched or read. Check the key set URL, the certificate of its host and whether a firewall keeps the hub out.',
  },
  signature_invalid: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.3',
    turn: 'school',
    texts: 'message',
    advice:
      'The signature does not fit the key with this kid. Check that the key set URL belongs to this LMS and this environment.',
  },
  issuer_mismatch: {
    outcome: 'failed_config',
    specification: '1EdTech Security Framework 1.0, 5.1.3; OpenID Connect Core 1.0, 3.1.3.7',
    turn: 'school',
    texts: 'setup',
    advice:
      'iss differs from the registration’s issuer. They have to be equal character by character, also in a trailing slash.',
  },
  audience_mismatch: {
    outcome: 'failed_config',
    specification: '1EdTech Security Framework 1.0, 5.1.3; OpenID Connect Core 1.0, 3.1.3.7',
    turn: 'school',
    texts: 'setup',
    advice: 'aud does not hold the registration’s client_id. Compare the client_id on both sides.',
  },
  audience_untrusted: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.3',
    turn: 'partner',
    texts: 'message',
    advice: 'aud names further audiences that the hub does not trust.',
  },
  azp_missing: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.3; OpenID Connect Core 1.0, 3.1.3.7',
    turn: 'partner',
    texts: 'message',
    advice: 'aud has several values, and then azp has to say for whom the token is.',
  },
  azp_mismatch: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.3; OpenID Connect Core 1.0, 3.1.3.7',
    turn: 'partner',
    texts: 'message',
    advice: 'azp is not the registration’s client_id.',
  },
  token_expired: {
    outcome: 'failed_partner',
    specification: 'OpenID Connect Core 1.0, 3.1.3.7',
    turn: 'you',
    texts: 'expired',
    advice:
      'exp lies in the past. If it happens at once and often, the clock of the LMS is slow or its tokens live too short.',
    adviceByFamily: {
      moodle: 'Moodle’s tokens live 60 seconds: the clock of its server has to be right to within that.',
    },
  },
  exp_missing: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.2',
    turn: 'partner',
    texts: 'message',
    advice: 'exp is required.',
  },
  iat_missing: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.2',
    turn: 'partner',
    texts: 'message',
    advice: 'iat is required.',
  },
  iat_too_old: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.3',
    turn: 'you',
    texts: 'expired',
    advice:
      'The token was made longer ago than the registration’s window allows. Check the clock of the LMS.',
  },
  iat_in_future: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.3',
    turn: 'school',
    texts: 'message',
    advice:
      'The token was made in the future by more than the allowed skew. Set the clock of the LMS by network time.',
  },
  not_valid_yet: {
    outcome: 'failed_partner',
    specification: 'RFC 7519, 4.1.5',
    turn: 'school',
    texts: 'message',
    advice:
      'nbf is no time, or the token counts only from a time that lies ahead by more than the allowed skew. Set the clock of the LMS by network time.',
  },
  nonce_missing: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.2; OpenID Connect Core 1.0, 3.2.2.11',
    turn: 'partner',
    texts: 'message',
    advice: 'nonce is required and has to be the one of the authentication request.',
  },
  nonce_mismatch: {
    outcome: 'failed_partner',
    specification: '1EdTech Security Framework 1.0, 5.1.3; OpenID Connect Core 1.0, 3.2.2.11',
    turn: 'you',
    texts: 'expired',
    advice: 'nonce is not the one of this login: a token of another login was posted with this state.',
  },
} as const satisfies Record<string, ReasonEntry>;

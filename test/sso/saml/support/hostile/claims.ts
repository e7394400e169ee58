import { answer, field, honest, instant, type Said } from '../idp.ts';
import { type HostileMessage, lie, type Stage, signing } from './message.ts';

const elsewhere = 'https://evil.example/acs';

/** One lie, signed as a careless or a hostile identity provider would. */
function lies(
  name: string,
  reason: HostileMessage['reason'],
  said: Partial<Said> | ((stage: Stage) => Partial<Said>),
) {
  const build = (stage: Stage) => field(lie(stage, typeof said === 'function' ? said(stage) : said));
  return { name, reason, build };
}

/** Well signed messages that are not for this sign-in: the library below accepts most of them. */
export const claimMessages: HostileMessage[] = [
  lies('another issuer of the assertion', 'issuer', { issuer: 'https://other.example' }),
  lies('another issuer of the Response', 'issuer', { responseIssuer: 'https://other.example' }),
  lies('no issuer', 'issuer', { issuer: 'https://idp.example/entity/' }),
  lies('another destination', 'destination', { destination: elsewhere }),
  {
    name: 'a signed Response without a destination',
    reason: 'destination',
    build: (stage) => field(lie(stage, { destination: undefined }, { signResponse: signing(stage) })),
  },
  lies('another recipient', 'recipient', { recipient: elsewhere }),
  lies('no recipient', 'recipient', { recipient: undefined }),
  lies('another audience', 'audience', { audiences: [['https://other.example']] }),
  lies('no audience', 'audience', { audiences: [] }),
  lies('two audience restrictions of which one is not for us', 'audience', ({ target }) => ({
    audiences: [[target.spEntityId], ['https://other.example']],
  })),
  lies('no conditions', 'audience', { withConditions: false }),
  lies('conditions without an end', 'not_on_or_after', { notBefore: undefined, notOnOrAfter: undefined }),
  lies('a confirmation without an end', 'not_on_or_after', { confirmationNotOnOrAfter: undefined }),
  lies('an end that is no instant', 'not_on_or_after', { notOnOrAfter: 'tomorrow' }),
  lies('an end with an offset', 'not_on_or_after', { notOnOrAfter: '2099-01-01T00:00:00+02:00' }),
  lies('expired conditions', 'not_on_or_after', ({ target }) => ({
    notOnOrAfter: instant(target.now - 3_600_000),
  })),
  lies('an expired confirmation', 'not_on_or_after', ({ target }) => ({
    confirmationNotOnOrAfter: instant(target.now - 3_600_000),
  })),
  lies('not valid yet', 'not_before', ({ target }) => ({ notBefore: instant(target.now + 3_600_000) })),
  lies('issued tomorrow', 'issue_instant', ({ target }) => ({
    issueInstant: instant(target.now + 86_400_000),
  })),
  lies('issued the day before yesterday', 'issue_instant', ({ target }) => ({
    issueInstant: instant(target.now - 2 * 86_400_000),
  })),
  lies('no bearer confirmation', 'subject_confirmation', {
    confirmationMethod: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key',
  }),
  lies('no confirmation at all', 'subject_confirmation', { confirmationMethod: undefined }),
  lies('a status that is none of success, with an assertion', 'status', {
    status: 'urn:oasis:names:tc:SAML:2.0:status:Responder',
    subStatus: 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed',
  }),
  lies('a condition that nobody knows', 'condition', {
    extraCondition: '<x:OnlyOnSundays xmlns:x="urn:x"/>',
  }),
  lies('no authentication statement', 'authn_statement', { withAuthnStatement: false }),
  lies('authenticated in the future', 'authn_instant', ({ target }) => ({
    authnInstant: instant(target.now + 3_600_000),
  })),
  lies('a session that is over', 'session_not_on_or_after', ({ target }) => ({
    sessionNotOnOrAfter: instant(target.now - 3_600_000),
  })),
  lies('version 1.1', 'version', { version: '1.1' }),
  lies('another connection’s request in both places', 'in_response_to', {
    responseInResponseTo: '_elsewhere',
    inResponseTo: '_elsewhere',
  }),
  lies('an unsolicited assertion grafted under a live request', 'in_response_to', {
    inResponseTo: undefined,
  }),
  lies('an assertion for another request grafted under a live one', 'in_response_to', {
    inResponseTo: '_elsewhere',
  }),
  lies('a Response that names another request than its assertion', 'in_response_to', {
    responseInResponseTo: '_elsewhere',
  }),
  lies('a Response that names no request', 'in_response_to', { responseInResponseTo: undefined }),
  lies('a transient name as the key of a person', 'name_id', {
    nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
  }),
  lies('an e-mail address as the key of a person', 'name_id', {
    nameId: 'head@north.example',
    nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  }),
  lies('an empty name', 'subject', { nameId: ' ' }),
  lies('elements in the name', 'name_id', { nameId: 'amara<x xmlns="urn:x"/>-7f3c' }),
  {
    name: 'an honest answer for another tenant',
    reason: 'destination',
    build: (stage) => field(answer(honest(stage.otherTarget), { signAssertion: signing(stage) })),
  },
  {
    name: 'another tenant’s assertion in a Response for this one',
    reason: 'audience',
    build: (stage) => {
      const { acsUrl, requestId } = stage.target;
      const other = honest(stage.otherTarget);
      const said = { ...other, destination: acsUrl, responseInResponseTo: requestId };
      return field(answer(said, { signAssertion: signing(stage) }));
    },
  },
  {
    name: 'RSA 1.5 for the key',
    reason: 'encryption',
    build: (stage) =>
      field(
        lie(
          stage,
          {},
          {
            signAssertion: signing(stage),
            encrypt: { to: [stage.decryption], transport: 'rsa-1_5' },
          },
        ),
      ),
  },
  {
    name: 'CBC in an unsigned Response, where its padding would answer questions',
    reason: 'encryption',
    build: (stage) =>
      field(
        lie(
          stage,
          {},
          {
            signAssertion: signing(stage),
            encrypt: { to: [stage.decryption], content: 'aes-128-cbc' },
          },
        ),
      ),
  },
  {
    name: 'an encrypted assertion that nobody signed',
    reason: 'signature_missing',
    build: (stage) => field(lie(stage, {}, { encrypt: { to: [stage.decryption] } })),
  },
  {
    name: 'encrypted for somebody else',
    reason: 'encryption',
    build: (stage) =>
      field(
        lie(stage, {}, { signAssertion: signing(stage), encrypt: { to: [stage.stranger.certificate.key] } }),
      ),
  },
  {
    name: 'a great many encrypted keys',
    reason: 'encryption',
    build: (stage) =>
      field(
        lie(
          stage,
          {},
          {
            signAssertion: signing(stage),
            encrypt: { to: Array.from({ length: 50 }, () => stage.stranger.certificate.key) },
          },
        ),
      ),
  },
];

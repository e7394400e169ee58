import type { SignInReasonEntry } from '../../reasons/entry.ts';

/** Reasons met before anything in a message is believed: its encoding, its XML, its signature, its encryption. */
export const messageReasons = {
  message_missing: {
    outcome: 'user_error',
    specification: 'SAML Bindings 2.0, 3.4.4 and 3.5.4',
    turn: 'you',
    texts: 'expired',
    advice:
      'The address was opened without SAMLResponse or SAMLRequest: by hand, by reloading, or after a proxy dropped the form.',
    helpDesk:
      'Ask the person to begin again at the school’s sign-in page, not from a bookmark of the page in between.',
  },
  message_encoding: {
    outcome: 'failed_partner',
    specification: 'SAML Bindings 2.0, 3.4.4.1 and 3.5.4',
    turn: 'partner',
    texts: 'message',
    advice:
      'The message is not clean base64, not DEFLATE where the binding asks for it, or not UTF-8. Look for a proxy that rewrites forms.',
    helpDesk:
      'The school’s sign-in system sent an answer that cannot be read. Hand the reference to its operator.',
  },
  message_too_large: {
    outcome: 'failed_partner',
    specification: 'Hub: size limit of messages',
    turn: 'school',
    texts: 'message',
    advice:
      'The message is larger than 256 KiB, inflated. Send only the groups that are assigned to this application.',
    helpDesk:
      'The account is probably in a great many groups. Ask the operator of the sign-in system to send fewer of them.',
  },
  xml_forbidden: {
    outcome: 'failed_partner',
    specification: 'Hub: limits of XML; SAML Security Considerations 2.0, 6.2',
    turn: 'partner',
    texts: 'message',
    advice:
      'The message holds a DOCTYPE, an entity, a processing instruction, another encoding than UTF-8, or more elements, attributes or levels than any SAML message needs. This may be an attack.',
    helpDesk:
      'The answer has a form that is never needed and can do harm. Tell the operator of the sign-in system and your security contact.',
  },
  xml_malformed: {
    outcome: 'failed_partner',
    specification: 'XML 1.0, 2.1; Namespaces in XML 1.0, 5',
    turn: 'partner',
    texts: 'message',
    advice: 'The message is not well-formed XML with declared namespaces and one root element.',
    helpDesk:
      'The school’s sign-in system sent an answer that cannot be read. Hand the reference to its operator.',
  },
  message_unexpected: {
    outcome: 'failed_partner',
    specification: 'SAML Core 2.0, 3; SAML Profiles 2.0, 4.1.4 and 4.4.4',
    turn: 'school',
    texts: 'message',
    advice:
      'Another kind of message, or one that lacks or repeats a required part. Compare the addresses in the identity provider: answers to sign-ins go to the assertion consumer service, logouts to the single logout service.',
    helpDesk:
      'The sign-in system sent something else than a sign-in to this address. Its operator has to compare the addresses with the connection page.',
  },
  assertion_count: {
    outcome: 'failed_partner',
    specification: 'Hub: one assertion in a Response; SAML Profiles 2.0, 4.1.4.2',
    turn: 'partner',
    texts: 'message',
    advice:
      'Not exactly one assertion directly in the Response. A second one (in Extensions, Advice or Object) is what signature wrapping looks like.',
    helpDesk:
      'The answer names nobody, or more than one person. Tell the operator of the sign-in system; if it repeats, your security contact.',
  },
  signature_missing: {
    outcome: 'failed_config',
    specification: 'SAML Profiles 2.0, 4.1.4.2, 4.4.3.1 and 4.4.4.1',
    turn: 'school',
    texts: 'message',
    advice:
      'Neither the Response nor the Assertion is signed, or a logout message is not. Switch signing on in the identity provider.',
    helpDesk:
      'The operator of the sign-in system has to switch on “sign responses” or “sign assertions” (and “sign logout messages”).',
  },
  signature_structure: {
    outcome: 'failed_partner',
    specification: 'SAML Core 2.0, 5.4',
    turn: 'partner',
    texts: 'message',
    advice:
      'A signature is not the one form that SAML allows: one reference by ID to the element around it, enveloped and exclusive canonicalisation, unique IDs. This may be an attack.',
    helpDesk:
      'The answer is signed in a way that cannot be trusted. Tell the operator of the sign-in system; if it repeats, your security contact.',
  },
  algorithm: {
    outcome: 'failed_config',
    specification: 'SAML 2.0 Metadata Profile for Algorithm Support 1.0; RFC 9231, 2.3',
    turn: 'school',
    texts: 'setup',
    advice:
      'RSA or ECDSA with SHA-256, SHA-384 or SHA-512 only. Choose SHA-256 for signature and digest in the identity provider; SHA-1 is refused.',
    helpDesk: 'The operator of the sign-in system has to choose SHA-256 as its signature algorithm.',
  },
  signature: {
    outcome: 'failed_config',
    specification: 'XML Signature 1.1, 4.3; SAML Core 2.0, 5.4',
    turn: 'school',
    texts: 'setup',
    advice:
      'No certificate of the connection fits the signature, or the message was changed on its way. Most often the identity provider has a new certificate: fetch its metadata again.',
    helpDesk:
      'If nobody can sign in since a certain hour, the sign-in system has a new certificate: ask its operator for the current metadata and put it into the connection.',
  },
  certificate_retired: {
    outcome: 'failed_config',
    specification: 'Hub: retired certificates are refused',
    turn: 'school',
    texts: 'setup',
    advice:
      'The message is signed with a certificate that was retired in the hub. Switch the identity provider to its new key on all nodes, or make the certificate active again if it was retired too early.',
    helpDesk:
      'The sign-in system still uses its old certificate. Ask its operator to finish the change, or make the old one active again on the connection page.',
  },
  encryption: {
    outcome: 'failed_config',
    specification: 'XML Encryption 1.1, 5; SAML Core 2.0, 6',
    turn: 'school',
    texts: 'setup',
    advice:
      'The assertion is not encrypted for a key of this connection, or not with RSA-OAEP and AES-GCM (AES-CBC only inside a signed Response). Fetch our metadata again; where the identity provider knows CBC only, let it sign the Response.',
    helpDesk:
      'The operator of the sign-in system has to load our current metadata again, so that it encrypts for the right key.',
  },
} as const satisfies Record<string, SignInReasonEntry>;

import { field, honest, writeResponse } from '../idp.ts';
import { signElement } from '../signer.ts';
import { behindIssuer, dissect, type HostileMessage, into, lie, type Stage, signing } from './message.ts';

const object = (content: string) => `<ds:Object>${content}</ds:Object>`;
const insideSignature = (signature: string, content: string) =>
  signature.replace('</ds:Signature>', `${content}</ds:Signature>`);
const extensions = (content: string) => `<samlp:Extensions>${content}</samlp:Extensions>`;
const advice = (content: string) => `<saml:Advice>${content}</saml:Advice>`;

/** What many identity providers sign when they refuse: a Response without an assertion. */
function signedError(stage: Stage): string {
  const said = { ...honest(stage.target), status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' };
  return signElement(writeResponse(said, ''), said.responseId, signing(stage));
}

/**
 * Signature wrapping: a real signature keeps covering what it covered, while something else stands where a reader
 * looks. XSW1–8 as numbered by Somorovsky et al., On Breaking SAML (USENIX Security 2012).
 */
export const wrappingMessages: HostileMessage[] = [
  {
    name: 'XSW1: a new Response around the signed one, which moves into the signature',
    reason: 'assertion_count',
    build: (stage) => {
      const { said, xml, signature, evil, assertion } = dissect(stage, 'response');
      const original = xml.replace(signature, '');
      const wrapped = original.replace(said.responseId, '_evilResponse').replace(assertion, evil);
      return field(behindIssuer(wrapped, insideSignature(signature, object(original))));
    },
  },
  {
    name: 'XSW2: a new Response with the signed one beside its signature',
    reason: 'assertion_count',
    build: (stage) => {
      const { said, xml, signature, evil, assertion } = dissect(stage, 'response');
      const original = xml.replace(signature, '');
      const wrapped = original.replace(said.responseId, '_evilResponse').replace(assertion, evil);
      return field(behindIssuer(wrapped, original + signature));
    },
  },
  {
    name: 'XSW3: a forged assertion in front of the signed one',
    reason: 'assertion_count',
    build: (stage) => {
      const { xml, assertion, evil } = dissect(stage, 'assertion');
      return field(xml.replace(assertion, evil + assertion));
    },
  },
  {
    name: 'XSW4: the signed assertion inside a forged one',
    reason: 'assertion_count',
    build: (stage) => {
      const { xml, assertion, evil } = dissect(stage, 'assertion');
      return field(xml.replace(assertion, into(evil, 'saml:Assertion', assertion)));
    },
  },
  {
    name: 'XSW5: the signature in a forged assertion, the signed one behind it',
    reason: 'assertion_count',
    build: (stage) => {
      const { xml, assertion, evil, signature, bare } = dissect(stage, 'assertion');
      return field(xml.replace(assertion, behindIssuer(evil, signature) + bare));
    },
  },
  {
    name: 'XSW6: the signature in a forged assertion, the signed one inside the signature',
    reason: 'assertion_count',
    build: (stage) => {
      const { xml, assertion, evil, signature, bare } = dissect(stage, 'assertion');
      return field(xml.replace(assertion, behindIssuer(evil, insideSignature(signature, bare))));
    },
  },
  {
    name: 'XSW7: a forged assertion in Extensions',
    reason: 'assertion_count',
    build: (stage) => {
      const { xml, evil } = dissect(stage, 'assertion');
      return field(behindIssuer(xml, extensions(evil)));
    },
  },
  {
    name: 'XSW8: the signed assertion in an Object of the signature of a forged one',
    reason: 'assertion_count',
    build: (stage) => {
      const { xml, assertion, evil, signature, bare } = dissect(stage, 'assertion');
      return field(xml.replace(assertion, behindIssuer(evil, insideSignature(signature, object(bare)))));
    },
  },
  {
    name: 'the signed assertion alone in Extensions',
    reason: 'assertion_count',
    build: (stage) => {
      const { xml, assertion } = dissect(stage, 'assertion');
      return field(behindIssuer(xml.replace(assertion, ''), extensions(assertion)));
    },
  },
  {
    name: 'an assertion in the Advice of the signed one',
    reason: 'assertion_count',
    build: (stage) => field(lie(stage, { advice: advice(dissect(stage, 'assertion').evil) })),
  },
  {
    name: 'a forged assertion under the ID of the signed one',
    reason: 'signature_structure',
    build: (stage) => {
      const { xml, assertion, evil, said } = dissect(stage, 'assertion');
      const twin = evil.replaceAll('_evil', said.assertionId);
      return field(xml.replace(assertion, twin + assertion));
    },
  },
  {
    name: 'the same ID once more in a namespace and in lower case',
    reason: 'signature_structure',
    build: (stage) => {
      const { xml, said } = dissect(stage, 'assertion');
      const twin = `<x:y xmlns:x="urn:x" x:id="${said.assertionId}">${said.nameId}</x:y>`;
      return field(behindIssuer(xml, extensions(twin)));
    },
  },
  {
    name: 'the forged assertion takes the place, the signature of the real one comes along',
    reason: 'signature_structure',
    build: (stage) => {
      const { xml, assertion, evil, signature } = dissect(stage, 'assertion');
      return field(xml.replace(assertion, behindIssuer(evil, signature)));
    },
  },
  {
    name: 'a forged assertion in a Response whose only signature is a signed one in Extensions',
    reason: 'assertion_count',
    build: (stage) => {
      const { xml, assertion, evil } = dissect(stage, 'assertion');
      return field(behindIssuer(xml.replace(assertion, evil), extensions(assertion)));
    },
  },
  {
    name: 'two roots',
    reason: 'xml_malformed',
    build: (stage) => {
      const { xml } = dissect(stage, 'assertion');
      return field(xml + xml.replaceAll('_a', '_b').replaceAll('_r', '_q'));
    },
  },
  {
    name: 'two signatures in the assertion',
    reason: 'message_unexpected',
    build: (stage) => {
      const { xml, signature } = dissect(stage, 'assertion');
      return field(xml.replace(signature, signature + signature));
    },
  },
  {
    name: 'a Response inside the Response',
    reason: 'message_unexpected',
    build: (stage) => {
      const { xml } = dissect(stage, 'response');
      const inner = '<samlp:Response ID="_inner" Version="2.0"/>';
      return field(behindIssuer(xml, extensions(inner)));
    },
  },
  {
    name: 'an encrypted assertion beside a plain one',
    reason: 'assertion_count',
    build: (stage) => {
      const hidden = lie(stage, {}, { signAssertion: signing(stage), encrypt: { to: [stage.decryption] } });
      const encrypted = /<saml:EncryptedAssertion[\s\S]*<\/saml:EncryptedAssertion>/.exec(hidden)?.[0] ?? '';
      return field(into(lie(stage), 'samlp:Response', encrypted));
    },
  },
  {
    name: 'a second assertion inside an encrypted one',
    reason: 'assertion_count',
    build: (stage) => {
      const packing = { signAssertion: signing(stage), encrypt: { to: [stage.decryption] } };
      return field(lie(stage, { advice: advice(dissect(stage, 'assertion').evil) }, packing));
    },
  },
  {
    name: 'a forged assertion put into a signed error',
    reason: 'signature',
    build: (stage) => {
      const { evil } = dissect(stage, 'assertion');
      return field(into(signedError(stage), 'samlp:Response', evil));
    },
  },
  {
    name: 'a decoy signature with the value of the real one in a signed error, a forged assertion in its Object',
    reason: 'assertion_count',
    build: (stage) => {
      const { evil } = dissect(stage, 'assertion');
      const error = signedError(stage);
      const value = /<ds:SignatureValue>[\s\S]*<\/ds:SignatureValue>/.exec(error)?.[0] ?? '';
      const decoy = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${value}${object(evil)}</ds:Signature>`;
      return field(error.replace('</ds:Signature>', `</ds:Signature>${decoy}`));
    },
  },
];

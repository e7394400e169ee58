import type { KeyObject } from 'node:crypto';
import type { SamlReason } from '../../../../../src/sso/saml/reasons.ts';
import { answer, honest, type Packing, type Said, type Target } from '../idp.ts';
import type { TestKey } from '../keys.ts';

/** What an attacker has to play with: a real identity provider whose signatures they can collect, and keys of theirs. */
export interface Stage {
  target: Target;
  /** Another tenant's connection with the same identity provider. */
  otherTarget: Target;
  active: TestKey;
  retired: TestKey;
  stranger: TestKey;
  /** The certificate that our metadata offers for encryption. */
  decryption: KeyObject;
}

/** A message that has to be refused for this reason, and why somebody would send it. */
export interface HostileMessage {
  name: string;
  reason: SamlReason;
  /** The value of the form's SAMLResponse field. */
  build: (stage: Stage) => string;
}

export const intruder = 'intruder-0000';

export const signing = ({ active }: Stage) => ({
  key: active.privateKey,
  certificate: active.certificate.base64,
});

/** An answer with lies in it, its assertion signed as the identity provider does unless packed otherwise. */
export function lie(stage: Stage, lies: Partial<Said> = {}, packing?: Packing): string {
  return answer({ ...honest(stage.target), ...lies }, packing ?? { signAssertion: signing(stage) });
}

/** An honest answer in its parts, for putting together anew. */
export function dissect(stage: Stage, signed: 'assertion' | 'response') {
  const said = honest(stage.target);
  const xml = answer(
    said,
    signed === 'assertion' ? { signAssertion: signing(stage) } : { signResponse: signing(stage) },
  );
  const signature = /<ds:Signature[\s\S]*?<\/ds:Signature>/.exec(xml)?.[0] ?? '';
  const assertion = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? '';
  const bare = assertion.replace(signature, '');
  /** The same assertion about somebody else, under an ID of its own. */
  const evil = bare.replaceAll(said.assertionId, '_evil').replaceAll(said.nameId, intruder);
  return { said, xml, signature, assertion, bare, evil };
}

/** Puts something in front of the end tag of the outermost element of this name. */
export function into(xml: string, name: string, inserted: string): string {
  const at = xml.lastIndexOf(`</${name}>`);
  return `${xml.slice(0, at)}${inserted}${xml.slice(at)}`;
}

/** Puts something behind the first Issuer. */
export function behindIssuer(xml: string, inserted: string): string {
  return xml.replace('</saml:Issuer>', `</saml:Issuer>${inserted}`);
}

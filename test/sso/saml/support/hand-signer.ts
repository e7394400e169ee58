import { createHash, type KeyObject, sign } from 'node:crypto';
import { DOMParser } from '@xmldom/xmldom';
import { ExclusiveCanonicalization, findAncestorNs } from 'xml-crypto';
import { enveloped, exclusive, rsaSha256 } from './signer.ts';

/**
 * An enveloped signature put together from the specification (XML Signature 1.1, 4; Exclusive XML Canonicalization
 * 1.0, 3) without the library's signer, in the shape that OpenSAML and SimpleSAMLphp give it: a list of prefixes
 * stands in the exclusive transform only.
 */
export function signByHand(xml: string, id: string, key: KeyObject, prefixes: string[]): string {
  const document = new DOMParser().parseFromString(xml, 'text/xml');
  const place = `//*[@ID='${id}']`;
  const element = Array.from(document.getElementsByTagName('*')).find(
    (node) => node.getAttribute('ID') === id,
  );
  const octets = new ExclusiveCanonicalization().process(element as never, {
    inclusiveNamespacesPrefixList: prefixes,
    ancestorNamespaces: findAncestorNs(document as never, place, undefined as never),
  });
  const digest = createHash('sha256').update(octets.toString()).digest('base64');
  const list = `<ec:InclusiveNamespaces xmlns:ec="${exclusive}" PrefixList="${prefixes.join(' ')}"></ec:InclusiveNamespaces>`;
  const empty = (name: string, algorithm: string) => `<ds:${name} Algorithm="${algorithm}"></ds:${name}>`;
  const transforms = `<ds:Transforms>${empty('Transform', enveloped)}<ds:Transform Algorithm="${exclusive}">${list}</ds:Transform></ds:Transforms>`;
  const method = empty('DigestMethod', 'http://www.w3.org/2001/04/xmlenc#sha256');
  const body = `${empty('CanonicalizationMethod', exclusive)}${empty('SignatureMethod', rsaSha256)}<ds:Reference URI="#${id}">${transforms}${method}<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`;
  const namespace = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"';
  const signedInfo = `<ds:SignedInfo ${namespace}>${body}</ds:SignedInfo>`;
  const value = sign('sha256', Buffer.from(signedInfo), key).toString('base64');
  const signature = `<ds:Signature ${namespace}><ds:SignedInfo>${body}</ds:SignedInfo><ds:SignatureValue>\n${value.replace(/(.{76})/g, '$1\n')}\n</ds:SignatureValue></ds:Signature>`;
  const at = xml.indexOf('</saml:Issuer>', xml.indexOf(`ID="${id}"`)) + '</saml:Issuer>'.length;
  return xml.slice(0, at) + signature + xml.slice(at);
}

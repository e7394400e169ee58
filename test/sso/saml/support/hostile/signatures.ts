import { field } from '../idp.ts';
import { enveloped, exclusive } from '../signer.ts';
import { behindIssuer, dissect, type HostileMessage, into, intruder, lie, signing } from './message.ts';

const inclusive = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
const withComments = `${exclusive}WithComments`;
const more = 'http://www.w3.org/2001/04/xmldsig-more';
const old = 'http://www.w3.org/2000/09/xmldsig';

const pem = (base64: string) =>
  `-----BEGIN CERTIFICATE-----\n${base64.replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;

/** Signatures that are missing, made by others, made otherwise, or read in another way than they were made. */
export const signatureMessages: HostileMessage[] = [
  {
    name: 'no signature',
    reason: 'signature_missing',
    build: (stage) => field(lie(stage, {}, {})),
  },
  {
    name: 'the signature cut out',
    reason: 'signature_missing',
    build: (stage) => {
      const { xml, signature } = dissect(stage, 'assertion');
      return field(xml.replace(signature, ''));
    },
  },
  {
    name: 'an empty Signature element',
    reason: 'signature_structure',
    build: (stage) => {
      const { xml, signature } = dissect(stage, 'assertion');
      return field(xml.replace(signature, `<ds:Signature xmlns:ds="${old}#"/>`));
    },
  },
  {
    name: 'another name in the signed assertion',
    reason: 'signature',
    build: (stage) => {
      const { xml, said } = dissect(stage, 'assertion');
      return field(xml.replace(said.nameId, intruder));
    },
  },
  {
    name: 'another destination in the signed Response',
    reason: 'signature',
    build: (stage) => {
      const { xml } = dissect(stage, 'response');
      return field(xml.replace(' Destination="', ' Destination="https://evil.example/'));
    },
  },
  {
    name: 'the Response signed by nobody known, the assertion signed well',
    reason: 'signature',
    build: (stage) =>
      field(
        lie(stage, {}, { signAssertion: signing(stage), signResponse: { key: stage.stranger.privateKey } }),
      ),
  },
  {
    name: 'the Response signed well, the assertion by nobody known',
    reason: 'signature',
    build: (stage) =>
      field(
        lie(stage, {}, { signResponse: signing(stage), signAssertion: { key: stage.stranger.privateKey } }),
      ),
  },
  {
    name: 'KeyInfo swap: a stranger’s signature that brings the stranger’s certificate',
    reason: 'signature',
    build: (stage) => {
      const { privateKey, certificate } = stage.stranger;
      return field(lie(stage, {}, { signAssertion: { key: privateKey, certificate: certificate.base64 } }));
    },
  },
  {
    name: 'a stranger’s signature that brings the real certificate',
    reason: 'signature',
    build: (stage) => {
      const { certificate } = stage.active;
      return field(
        lie(
          stage,
          {},
          { signAssertion: { key: stage.stranger.privateKey, certificate: certificate.base64 } },
        ),
      );
    },
  },
  {
    name: 'signed with a retired key',
    reason: 'certificate_retired',
    build: (stage) => field(lie(stage, {}, { signAssertion: { key: stage.retired.privateKey } })),
  },
  ...[`${old}#rsa-sha1`].map((algorithm) => ({
    name: `algorithm downgrade: ${algorithm}`,
    reason: 'algorithm' as const,
    build: (stage: Parameters<HostileMessage['build']>[0]) =>
      field(lie(stage, {}, { signAssertion: { ...signing(stage), algorithm } })),
  })),
  {
    name: 'algorithm downgrade: a SHA-1 digest under an RSA-SHA256 signature',
    reason: 'algorithm',
    build: (stage) => field(lie(stage, {}, { signAssertion: { ...signing(stage), digest: `${old}#sha1` } })),
  },
  ...[`${old}#hmac-sha1`, `${more}#hmac-sha256`].flatMap((algorithm) => [
    {
      name: `${algorithm} with the public certificate as its key`,
      reason: 'algorithm' as const,
      build: (stage: Parameters<HostileMessage['build']>[0]) =>
        field(lie(stage, {}, { signAssertion: { key: pem(stage.active.certificate.base64), algorithm } })),
    },
    {
      name: `${algorithm} with the base64 of the certificate as its key`,
      reason: 'algorithm' as const,
      build: (stage: Parameters<HostileMessage['build']>[0]) =>
        field(lie(stage, {}, { signAssertion: { key: stage.active.certificate.base64, algorithm } })),
    },
  ]),
  ...[inclusive, withComments].flatMap((canonicalization) => [
    {
      name: `SignedInfo under ${canonicalization}`,
      reason: 'signature_structure' as const,
      build: (stage: Parameters<HostileMessage['build']>[0]) =>
        field(lie(stage, {}, { signAssertion: { ...signing(stage), canonicalization } })),
    },
    {
      name: `the assertion under ${canonicalization}`,
      reason: 'signature_structure' as const,
      build: (stage: Parameters<HostileMessage['build']>[0]) =>
        field(
          lie(stage, {}, { signAssertion: { ...signing(stage), transforms: [enveloped, canonicalization] } }),
        ),
    },
  ]),
  {
    name: 'a canonicalisation named in place of the one that was signed',
    reason: 'signature_structure',
    build: (stage) => field(dissect(stage, 'assertion').xml.replaceAll(exclusive, withComments)),
  },
  {
    name: 'no transform at all',
    reason: 'signature_structure',
    build: (stage) => {
      const { xml } = dissect(stage, 'assertion');
      return field(xml.replace(/<ds:Transforms>.*?<\/ds:Transforms>/s, ''));
    },
  },
  {
    name: 'an XPath transform that leaves out what was added',
    reason: 'signature_structure',
    build: (stage) => {
      const { xml } = dissect(stage, 'assertion');
      const filter = `<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>not(self::node())</ds:XPath></ds:Transform>`;
      return field(xml.replace('<ds:Transforms>', `<ds:Transforms>${filter}`));
    },
  },
  {
    name: 'two references, both of them true',
    reason: 'signature_structure',
    build: (stage) => {
      const extensions = '<samlp:Extensions><x:y xmlns:x="urn:x" ID="_other">text</x:y></samlp:Extensions>';
      return field(
        lie(stage, { extensions }, { signResponse: { ...signing(stage), moreReferences: ['_other'] } }),
      );
    },
  },
  {
    name: 'a reference to the whole document',
    reason: 'signature_structure',
    build: (stage) => field(dissect(stage, 'response').xml.replace(/ URI="#[^"]*"/, ' URI=""')),
  },
  {
    name: 'a reference to another element',
    reason: 'signature_structure',
    build: (stage) => {
      const { xml, said } = dissect(stage, 'assertion');
      return field(xml.replace(` URI="#${said.assertionId}"`, ` URI="#${said.responseId}"`));
    },
  },
  {
    name: 'a reference that is an XPath of its own',
    reason: 'signature_structure',
    build: (stage) => {
      const { xml, said } = dissect(stage, 'assertion');
      const injected = `${said.assertionId}' or '1'='1`;
      return field(xml.replaceAll(said.assertionId, injected));
    },
  },
  {
    name: 'CVE-2025-29774: two SignedInfo, the signed one behind a forged one',
    reason: 'signature_structure',
    build: (stage) => {
      const { xml } = dissect(stage, 'assertion');
      const signedInfo = /<ds:SignedInfo>[\s\S]*?<\/ds:SignedInfo>/.exec(xml)?.[0] ?? '';
      const forged = signedInfo.replace(/<ds:DigestValue>[^<]*/, '<ds:DigestValue>AAAA');
      return field(xml.replace(signedInfo, forged + signedInfo));
    },
  },
  {
    name: 'CVE-2025-29775: a comment inside DigestValue',
    reason: 'signature_structure',
    build: (stage) => {
      const { xml } = dissect(stage, 'assertion');
      return field(xml.replace('<ds:DigestValue>', '<ds:DigestValue><!--AAAA-->'));
    },
  },
  {
    name: 'two DigestValue',
    reason: 'signature_structure',
    build: (stage) => {
      const { xml } = dissect(stage, 'assertion');
      return field(xml.replace('<ds:DigestValue>', '<ds:DigestValue>AAAA</ds:DigestValue><ds:DigestValue>'));
    },
  },
  {
    name: 'a comment inside SignatureValue',
    reason: 'signature_structure',
    build: (stage) =>
      field(dissect(stage, 'assertion').xml.replace('<ds:SignatureValue>', '<ds:SignatureValue><!---->')),
  },
  {
    name: 'CVE-2025-54419: an unsigned assertion that carries the signature of a Response',
    reason: 'signature_structure',
    build: (stage) => {
      const { signature } = dissect(stage, 'response');
      const { xml, assertion, evil } = dissect(stage, 'assertion');
      return field(xml.replace(assertion, behindIssuer(evil, signature)));
    },
  },
  {
    name: 'an Object in the signature',
    reason: 'signature_structure',
    build: (stage) => {
      const { xml, signature } = dissect(stage, 'assertion');
      return field(xml.replace(signature, into(signature, 'ds:Signature', '<ds:Object>text</ds:Object>')));
    },
  },
];

import type { SamlConnection } from '../connection.ts';
import { namespaces } from '../xml/names.ts';
import { writeInstant } from '../xml/time.ts';
import { attribute, type Xml, xml } from '../xml/write.ts';

/** Whose session ends: as kept from the sign-in (`SignedIn.partnerSession`). */
export type PartnerSession = Readonly<Record<string, string>>;

export interface LogoutHead {
  readonly id: string;
  readonly issuedAt: Date;
  readonly destination: string;
}

/** A LogoutRequest (SAML Core 2.0, 3.7.1), unsigned: NameID with the qualifiers it came with, and its session. */
export function writeLogoutRequest(
  connection: SamlConnection,
  head: LogoutHead,
  session: PartnerSession,
): Xml {
  const { nameId = '', format, nameQualifier, spNameQualifier, sessionIndex } = session;
  const index =
    sessionIndex === undefined ? undefined : xml`<samlp:SessionIndex>${sessionIndex}</samlp:SessionIndex>`;
  const name = xml`<saml:NameID${attribute('NameQualifier', nameQualifier)}${attribute('SPNameQualifier', spNameQualifier)}${attribute('Format', format)}>${nameId}</saml:NameID>`;
  return xml`<samlp:LogoutRequest${headOf(head)}>${issuerOf(connection)}${name}${index}</samlp:LogoutRequest>`;
}

export type LogoutOutcome = 'ended' | 'partly' | 'failed';

const outcomes = {
  ended: { code: 'Success', inner: undefined },
  partly: { code: 'Success', inner: 'PartialLogout' },
  failed: { code: 'Responder', inner: undefined },
} as const;

/** A LogoutResponse (SAML Core 2.0, 3.7.2), unsigned. */
export function writeLogoutResponse(
  connection: SamlConnection,
  head: LogoutHead,
  inResponseTo: string,
  outcome: LogoutOutcome,
): Xml {
  const { code, inner } = outcomes[outcome];
  const innerCode = inner === undefined ? undefined : xml`<samlp:StatusCode Value="${status(inner)}"/>`;
  const body = xml`<samlp:Status><samlp:StatusCode Value="${status(code)}">${innerCode}</samlp:StatusCode></samlp:Status>`;
  return xml`<samlp:LogoutResponse${headOf(head)}${attribute('InResponseTo', inResponseTo)}>${issuerOf(connection)}${body}</samlp:LogoutResponse>`;
}

const status = (name: string) => `urn:oasis:names:tc:SAML:2.0:status:${name}`;

function headOf({ id, issuedAt, destination }: LogoutHead): Xml {
  return xml` xmlns:samlp="${namespaces.protocol}" xmlns:saml="${namespaces.assertion}" ID="${id}" Version="2.0" IssueInstant="${writeInstant(issuedAt.getTime())}" Destination="${destination}"`;
}

function issuerOf({ serviceProvider }: SamlConnection): Xml {
  return xml`<saml:Issuer>${serviceProvider.entityId}</saml:Issuer>`;
}

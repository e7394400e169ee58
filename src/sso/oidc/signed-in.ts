import { defined } from '../../platform/defined.ts';
import type { SignedIn } from '../sign-in.ts';
import { attributesOf, type Claims, textOf } from './claims.ts';
import type { OidcConnection } from './connection.ts';
import { subjectOf } from './rules/person.ts';

/** Longer ones would make the sign-out address too long for servers on its way. */
const longestHint = 4_000;

/** What a provider says of somebody whose ID Token holds. Its own claims go before those of UserInfo. */
export function toSignedIn(
  { settings }: OidcConnection,
  {
    issuer,
    idToken,
    claims,
    userInfo,
  }: { issuer: string; idToken: string; claims: Claims; userInfo: Claims },
): SignedIn {
  const attributes = attributesOf({ ...userInfo, ...claims });
  const values = (path: string) => (Object.hasOwn(attributes, path) ? attributes[path] : undefined) ?? [];
  const { name, givenName, familyName, email, locale, groups } = settings.claims;
  return {
    issuer,
    subject: subjectOf(claims, settings) ?? '',
    attributes,
    ...defined({
      name: values(name)[0],
      givenName: values(givenName)[0],
      familyName: values(familyName)[0],
      email: values(email)[0],
      locale: values(locale)[0],
    }),
    groups: [...new Set(values(groups))],
    partnerSession: {
      name: textOf(claims, 'sub') ?? '',
      ...defined({
        index: textOf(claims, 'sid'),
        idToken: idToken.length > longestHint ? undefined : idToken,
      }),
    },
  };
}

import { nameIdFormats } from './xml/names.ts';

/**
 * Where the immutable key of a person comes from. One source per connection: falling back to another one when an
 * attribute is missing would make two people of one.
 */
export type SubjectSource =
  | { readonly from: 'name_id'; readonly formats: readonly string[] }
  | {
      readonly from: 'attribute';
      /** The names one attribute goes by; compared with Name, never with FriendlyName. */
      readonly names: readonly string[];
      /** `value@scope`, compared without regard to letter case. */
      readonly scoped?: true;
    };

export interface AttributeMapping {
  readonly subject: SubjectSource;
  readonly name: readonly string[];
  readonly givenName: readonly string[];
  readonly familyName: readonly string[];
  readonly email: readonly string[];
  readonly locale: readonly string[];
  readonly groups: readonly string[];
}

export interface Preset {
  readonly label: string;
  readonly mapping: AttributeMapping;
  /** Other sources that are immutable as well, for an operator to choose instead. */
  readonly otherSubjects: readonly SubjectSource[];
  /** What the other side has to be told to send, in English. */
  readonly advice: string;
}

const oid = (...names: [string, string]): readonly string[] => [`urn:oid:${names[0]}`, names[1]];
const soap = (name: string) => `http://schemas.xmlsoap.org/ws/2005/05/identity/claims/${name}`;
const microsoft = (name: string) => `http://schemas.microsoft.com/identity/claims/${name}`;
const microsoft2008 = (name: string) => `http://schemas.microsoft.com/ws/2008/06/identity/claims/${name}`;

const persistentNameId: SubjectSource = { from: 'name_id', formats: [nameIdFormats.persistent] };
const pairwiseId: SubjectSource = {
  from: 'attribute',
  names: ['urn:oasis:names:tc:SAML:attribute:pairwise-id', 'pairwise-id'],
  scoped: true,
};
const subjectId: SubjectSource = {
  from: 'attribute',
  names: ['urn:oasis:names:tc:SAML:attribute:subject-id', 'subject-id'],
  scoped: true,
};
const uniqueId: SubjectSource = {
  from: 'attribute',
  names: oid('1.3.6.1.4.1.5923.1.1.1.13', 'eduPersonUniqueId'),
  scoped: true,
};
const primarySid: SubjectSource = { from: 'attribute', names: [microsoft2008('primarysid'), 'objectSid'] };

/** Attributes whose part behind the last `@` names the domain that vouches (SAML Subject Identifiers 1.0; eduPerson). */
export const scopedAttributes: readonly string[] = [
  ...['urn:oasis:names:tc:SAML:attribute:pairwise-id', 'pairwise-id'],
  ...['urn:oasis:names:tc:SAML:attribute:subject-id', 'subject-id'],
  ...oid('1.3.6.1.4.1.5923.1.1.1.13', 'eduPersonUniqueId'),
  ...oid('1.3.6.1.4.1.5923.1.1.1.6', 'eduPersonPrincipalName'),
];

/** What the makers of identity providers send, as data. An e-mail address is given to others: never a subject. */
export const presets = {
  eduperson: {
    label: 'eduPerson (Shibboleth, SimpleSAMLphp, federations)',
    mapping: {
      subject: subjectId,
      name: [...oid('2.16.840.1.113730.3.1.241', 'displayName'), ...oid('2.5.4.3', 'cn')],
      givenName: oid('2.5.4.42', 'givenName'),
      familyName: oid('2.5.4.4', 'sn'),
      email: oid('0.9.2342.19200300.100.1.3', 'mail'),
      locale: oid('2.16.840.1.113730.3.1.39', 'preferredLanguage'),
      groups: [
        ...oid('1.3.6.1.4.1.5923.1.5.1.1', 'isMemberOf'),
        ...oid('1.3.6.1.4.1.5923.1.1.1.9', 'eduPersonScopedAffiliation'),
        ...oid('1.3.6.1.4.1.5923.1.1.1.1', 'eduPersonAffiliation'),
      ],
    },
    otherSubjects: [pairwiseId, uniqueId, persistentNameId],
    advice:
      'Release subject-id (or pairwise-id), displayName, givenName, sn, mail and the affiliations. eduPersonPrincipalName may be given to another person later and is no key.',
  },
  entra: {
    label: 'Microsoft Entra ID',
    mapping: {
      subject: { from: 'attribute', names: [microsoft('objectidentifier')] },
      name: [microsoft('displayname')],
      givenName: [soap('givenname')],
      familyName: [soap('surname')],
      email: [soap('emailaddress')],
      locale: ['preferredLanguage'],
      groups: [microsoft2008('groups'), microsoft2008('role')],
    },
    otherSubjects: [persistentNameId],
    advice:
      'The claim objectidentifier is sent without being asked for. Send groups that are assigned to the application only: above 150, Entra ID sends a link in their place.',
  },
  google: {
    label: 'Google Workspace',
    mapping: {
      subject: { from: 'attribute', names: ['employeeId'] },
      name: ['displayName'],
      givenName: ['givenName', 'firstName'],
      familyName: ['familyName', 'lastName'],
      email: ['email', 'primaryEmail'],
      locale: ['locale'],
      groups: ['groups'],
    },
    otherSubjects: [persistentNameId],
    advice:
      'Google sends no key of its own. Map “Employee details › Employee ID” (the number that the student information system gives) to employeeId; First name to givenName, Last name to familyName, Primary email to email.',
  },
  adfs: {
    label: 'AD FS',
    mapping: {
      subject: { from: 'attribute', names: ['objectGUID', microsoft('objectguid')] },
      name: [soap('name'), 'displayName'],
      givenName: [soap('givenname')],
      familyName: [soap('surname')],
      email: [soap('emailaddress')],
      locale: ['preferredLanguage'],
      groups: ['http://schemas.xmlsoap.org/claims/Group', microsoft2008('role')],
    },
    otherSubjects: [primarySid, persistentNameId],
    advice:
      'Add a rule “Send LDAP Attributes as Claims” with objectGUID, Display-Name to Name, Given-Name, Surname, E-Mail-Addresses and Token-Groups. The UPN and the account name change when a person is renamed.',
  },
  okta: {
    label: 'Okta',
    mapping: {
      subject: { from: 'attribute', names: ['oktaId'] },
      name: ['displayName'],
      givenName: ['firstName', 'givenName'],
      familyName: ['lastName', 'familyName'],
      email: ['email'],
      locale: ['locale'],
      groups: ['groups'],
    },
    otherSubjects: [persistentNameId],
    advice:
      'Add the attribute statements oktaId = user.getInternalProperty("id"), firstName, lastName, email, and the group attribute statement groups. The Okta user name is an e-mail address and no key.',
  },
  generic: {
    label: 'Another SAML 2.0 identity provider',
    mapping: {
      subject: persistentNameId,
      name: [...oid('2.16.840.1.113730.3.1.241', 'displayName'), 'name'],
      givenName: [...oid('2.5.4.42', 'givenName'), soap('givenname'), 'firstName'],
      familyName: [...oid('2.5.4.4', 'sn'), soap('surname'), 'lastName'],
      email: [...oid('0.9.2342.19200300.100.1.3', 'mail'), soap('emailaddress'), 'email'],
      locale: [...oid('2.16.840.1.113730.3.1.39', 'preferredLanguage'), 'locale'],
      groups: ['groups', 'roles', 'memberOf'],
    },
    otherSubjects: [pairwiseId, subjectId, uniqueId],
    advice:
      'Send a persistent NameID, or an attribute whose value never changes and is never given to another person, and name that attribute as the subject.',
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof presets;

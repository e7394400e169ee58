import type { FamilyName } from '../../connections/families.ts';

/** How dynamic registration differs from product to product, each entry with its reason. */
export interface RegistrationProfile {
  /** Whether the product lets tools register themselves. */
  offersRegistration: boolean;
  /** What the product calls itself (`product_family_code`), in small letters; none: it says what it likes. */
  productCodes: readonly string[];
  /** Issuers that many installations share, so that they say nothing about the host. */
  sharedIssuers: readonly string[];
  /** The vendor's hosts, which every installation may use beside its own; with a dot in front: all below. */
  vendorHosts: readonly string[];
  /**
   * Whether `authorization_server` is what assertions have to name as `aud` (Dynamic Registration, "Platform Configuration"); else that is
   * the token endpoint.
   */
  namesAudience: boolean;
  /** Whether what the product says of its addresses is wrong, so that those the hub knows are taken. */
  knownAddressesOnly: boolean;
  /** Where the hub would like to stand, by message; only what the product says it has is asked for. */
  placements: Readonly<Record<RegisteredMessage, readonly string[]>>;
  /** Members of the product's own in the tool configuration, and in its messages by type. */
  extras: Readonly<Record<string, unknown>>;
  messageExtras: Readonly<Partial<Record<RegisteredMessage, Readonly<Record<string, unknown>>>>>;
}

export const registeredMessages = ['LtiResourceLinkRequest', 'LtiDeepLinkingRequest'] as const;
export type RegisteredMessage = (typeof registeredMessages)[number];

const byTheBook: RegistrationProfile = {
  offersRegistration: true,
  productCodes: [],
  sharedIssuers: [],
  vendorHosts: [],
  namesAudience: true,
  knownAddressesOnly: false,
  placements: {
    LtiResourceLinkRequest: [],
    // Dynamic Registration, "Placements for message type LtiDeepLinkingRequest": the places every platform knows by the same name.
    LtiDeepLinkingRequest: ['ContentArea', 'RichTextEditor'],
  },
  extras: {},
  messageExtras: {},
};

const profiles: Readonly<Record<FamilyName, RegistrationProfile>> = {
  canvas: {
    ...byTheBook,
    productCodes: ['canvas'],
    // Shared by every customer of each environment; the configuration is on the customer's or the sign-in host.
    sharedIssuers: [
      'https://canvas.instructure.com',
      'https://canvas.beta.instructure.com',
      'https://canvas.test.instructure.com',
    ],
    vendorHosts: ['.instructure.com', '.canvaslms.com'],
    // It says a bare host there, and takes assertions for the token URL only.
    namesAudience: false,
    placements: {
      LtiResourceLinkRequest: ['course_navigation'],
      LtiDeepLinkingRequest: ['assignment_selection', 'link_selection'],
    },
    extras: {
      // What the hub passes on to a tool is decided by the tenant's release policy; here it has to arrive.
      'https://canvas.instructure.com/lti/privacy_level': 'public',
    },
    messageExtras: {
      // Teachers switch it on in the courses that want it.
      LtiResourceLinkRequest: {
        'https://canvas.instructure.com/lti/course_navigation/default_enabled': false,
      },
    },
  },
  moodle: { ...byTheBook, productCodes: ['moodle'] },
  blackboard: {
    ...byTheBook,
    productCodes: ['blackboard', 'blackboardlearn'],
    sharedIssuers: ['https://blackboard.com'],
    vendorHosts: ['.blackboard.com'],
    namesAudience: false,
    // Its configuration names addresses that are not those of its own documentation.
    knownAddressesOnly: true,
    placements: { LtiResourceLinkRequest: [], LtiDeepLinkingRequest: [] },
  },
  brightspace: {
    ...byTheBook,
    productCodes: ['desire2learn', 'brightspace'],
    // Tokens for every site come from here.
    vendorHosts: ['.brightspace.com'],
  },
  // Tools are made in its App Center.
  schoology: { ...byTheBook, offersRegistration: false },
  sakai: { ...byTheBook, productCodes: ['sakai', 'sakailms', 'sakailms.org'] },
  generic: byTheBook,
};

/** How the registration of a product differs. */
export function profileOf(family: FamilyName): RegistrationProfile {
  return profiles[family];
}

/** The product that calls itself so; undefined where no other than `generic` is known. */
export function familyOfProduct(productCode: string | undefined): FamilyName | undefined {
  const code = productCode?.toLowerCase();
  const found = Object.entries(profiles).find(([, { productCodes }]) => productCodes.includes(code ?? ''));
  return found?.[0] as FamilyName | undefined;
}

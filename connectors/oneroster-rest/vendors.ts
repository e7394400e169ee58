/** How a product's OneRoster service differs from the specification, or goes beyond it. */
export interface Vendor {
  readonly title: string;
  /** Rows asked for at first: the most that the product is known to give. */
  readonly pageSize: number;
  /** How the token endpoint takes the credentials (RFC 6749 §2.3.1). */
  readonly tokenAuth: 'basic' | 'body';
  /** Where the token endpoint lies below the address, where the product has it at a fixed place. */
  readonly tokenPath?: string;
  /** The token endpoint, where the product has one for all districts. */
  readonly tokenUrl?: string;
  /** Whether tokens are asked for without saying what for. */
  readonly withoutScopes?: boolean;
  /** Whether `next` links are to be trusted; if not, pages are counted. */
  readonly links: 'follow' | 'ignore';
  /** Whether cookies of the token's answer have to come back: a balancer finds the right server by them. */
  readonly keepsCookies?: boolean;
  /** Header in which gradebook calls prove who the partner is. */
  readonly gradebookHeader?: string;
}

/** What is asked of any product: the specification's way, with what is most often taken. */
const usual = { pageSize: 5_000, tokenAuth: 'basic', links: 'follow' } as const;

export const vendors = {
  generic: {
    ...usual,
    title: 'OneRoster',
  },
  classlink: {
    ...usual,
    title: 'ClassLink Roster Server',
    // Its proxy passes on the links of the district's own server, which lie on another origin (developer.classlink.com,
    // "Accessing data").
    links: 'ignore',
    // The most that it is known to give.
    pageSize: 10_000,
  },
  'infinite-campus': {
    ...usual,
    title: 'Infinite Campus',
    // The token address holds the name of the district's application, so that it has to be entered; OAuth 1.0 ended on
    // 2023-06-30 (help.gg4l.com, "Establish a connection with Infinite Campus API 1.2").
    // kb.infinitecampus.com, "Connecting to OneRoster grade book endpoints": without it all gradebook calls get 401.
    gradebookHeader: 'x-vendor-authorization',
  },
  skyward: {
    ...usual,
    title: 'Skyward',
    // SMS 2.0 runs on the district's own machines: pages that its database answers within the time limit of a call.
    pageSize: 1_000,
  },
  powerschool: {
    ...usual,
    title: 'PowerSchool SIS',
    // The plug-in's data configuration holds the largest page, 1000 where partners set it up (guides.instructure.com
    // 1688909, "Increase Pagination limit to 1000"; support.classlink.com 360007232513, "Maximum Page Size").
    pageSize: 1_000,
    // Tokens come from where all calls of plug-ins get theirs, for the plug-in's credentials as Basic and without a scope:
    // what may be read stands in the plug-in.
    tokenPath: '/oauth/access_token',
    withoutScopes: true,
  },
  'powerschool-classroom': {
    ...usual,
    title: 'PowerSchool Unified Classroom',
    // docs.powerschool.com/UCHA, OneRoster, "Authentication": one token address for all districts; client_id and
    // client_secret are fields of the form, which holds the grant type besides and no scope.
    tokenUrl: 'https://accounts.powerschool.com/as/token.oauth2',
    tokenAuth: 'body',
    withoutScopes: true,
  },
  aeries: {
    ...usual,
    title: 'Aeries',
    // support.aeries.com 14000065677, "Authentication process": base address and /token.
    tokenPath: '/token',
    // As above: the cookies of the token's answer are needed for all later calls.
    keepsCookies: true,
    // support.aeries.com 14000065678, "Data sync considerations": large answers slow the product for its users.
    pageSize: 1_000,
  },
} as const satisfies Record<string, Vendor>;

export type VendorId = keyof typeof vendors;

export const vendorIds = Object.keys(vendors) as [VendorId, ...VendorId[]];

/** The entry of a vendor, with all its properties in reach. */
export function vendorOf(id: VendorId): Vendor {
  return vendors[id];
}

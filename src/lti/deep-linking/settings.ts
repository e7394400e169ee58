import { z } from 'zod';
import { type AddressRules, webAddress } from '../../platform/partner-values.ts';
import { claim, isStorable, type Payload } from '../claims.ts';
import type { ReasonCode } from '../reasons.ts';

const shortText = z.string().max(500).refine(isStorable);
/** Some LMSs write null for an entry, or for data, that is not there. */
const list = z.preprocess(
  (value) => (Array.isArray(value) ? value.filter((each) => each !== null) : value),
  z.array(shortText).max(100),
);
const optionalText = z.string().max(4_000).refine(isStorable).optional().catch(undefined);
const optionalFlag = z.boolean().optional().catch(undefined);

/** What an LMS asks for, by the hub's names; it goes along with the launch. */
export const deepLinkingSettings = z.object({
  /** Where the answer goes. */
  returnUrl: z.string(),
  acceptTypes: z.array(z.string()),
  acceptTargets: z.array(z.string()),
  acceptMediaTypes: z.string().optional(),
  /** Undefined where the LMS leaves it open. */
  acceptMultiple: z.boolean().optional(),
  acceptLineItem: z.boolean().optional(),
  autoCreate: z.boolean().optional(),
  title: z.string().optional(),
  text: z.string().optional(),
  /** The LMS's own, to be returned unchanged. */
  data: z.string().optional(),
  /** The launch came in at the hub-wide address, which links have to name then. */
  hubWide: z.boolean(),
});

export type DeepLinkingSettings = z.output<typeof deepLinkingSettings>;

/** Longest `data` of an LMS, in characters: some put a signed token in it. */
const longestData = 32_000;

/** As a platform writes them (Deep Linking 2.0 §4.4.1). */
const given = z.object({
  accept_types: list,
  accept_presentation_document_targets: list,
  accept_media_types: optionalText,
  accept_multiple: optionalFlag,
  accept_lineitem: optionalFlag,
  auto_create: optionalFlag,
  title: optionalText,
  text: optionalText,
  data: z.preprocess(
    (value) => value ?? undefined,
    z.string().max(longestData).refine(isStorable).optional(),
  ),
});

export type SettingsReading =
  | { ok: true; settings: DeepLinkingSettings }
  | { ok: false; reason: Extract<ReasonCode, `deep_linking_${string}`> };

/**
 * Reads what a platform asks for from a verified payload. What is required and wrong ends the launch; what is optional and
 * wrong is as if it were not there, but for `data`, which has to go back unchanged.
 */
export function readDeepLinkingSettings(
  payload: Payload,
  rules: AddressRules,
  { hubWide }: { hubWide: boolean },
): SettingsReading {
  const claimed = payload[claim.deepLinkingSettings];
  if (typeof claimed !== 'object' || claimed === null || Array.isArray(claimed)) {
    return { ok: false, reason: 'deep_linking_settings_missing' };
  }
  const returnUrl = webAddress(rules).safeParse((claimed as Payload).deep_link_return_url);
  if (!returnUrl.success) return { ok: false, reason: 'deep_linking_return_url_invalid' };
  const read = given.safeParse(claimed);
  if (!read.success) return { ok: false, reason: 'deep_linking_settings_invalid' };
  const { data } = read;
  return {
    ok: true,
    settings: {
      returnUrl: returnUrl.data,
      acceptTypes: data.accept_types,
      acceptTargets: data.accept_presentation_document_targets,
      acceptMediaTypes: data.accept_media_types,
      acceptMultiple: data.accept_multiple,
      acceptLineItem: data.accept_lineitem,
      autoCreate: data.auto_create,
      title: data.title,
      text: data.text,
      data: data.data,
      hubWide,
    },
  };
}

/** What a document may cost before it is read. */
export interface XmlLimits {
  readonly bytes: number;
  readonly depth: number;
  readonly elements: number;
  readonly attributes: number;
}

/** Protocol messages: the largest known come from directories that send 150 groups in an encrypted assertion. */
export const messageLimits: XmlLimits = { bytes: 262_144, depth: 32, elements: 4_000, attributes: 8_000 };

/** Metadata of one provider or of a small federation; large federations are asked entity by entity (MDQ). */
export const metadataLimits: XmlLimits = {
  bytes: 4_194_304,
  depth: 32,
  elements: 60_000,
  attributes: 200_000,
};

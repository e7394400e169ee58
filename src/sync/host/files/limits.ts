/** What files may cost the machine. A package of a district with ten million enrollments is a tenth of these. */
export interface FileLimits {
  /** Fetched from elsewhere, in bytes. */
  download: number;
  /** Files of an archive or a folder. */
  entries: number;
  /** All files of an archive together, uncompressed. */
  uncompressed: number;
  /** How much larger than the archive its files may be, once they are larger than `ratioFrom` bytes. */
  ratio: number;
  ratioFrom: number;
  /** Folders within folders. */
  depth: number;
}

export const fileLimits: FileLimits = {
  download: 8 * 1024 ** 3,
  entries: 2_000,
  uncompressed: 64 * 1024 ** 3,
  // Roster CSV shrinks to a tenth, at most to a fiftieth; bombs start at a thousandth.
  ratio: 250,
  ratioFrom: 64 * 1024 ** 2,
  depth: 4,
};

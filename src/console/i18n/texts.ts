/** A translation has a text for every key; numbers may take forms that English does not have (CLDR plural rules). */
export type TextsLike<English> = Readonly<Record<keyof English, string>> &
  Readonly<Partial<Record<`${string}_many`, string>>>;

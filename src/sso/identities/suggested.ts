type Settings = Readonly<Record<string, unknown>>;

/** Settings of a new connection: what is given, and where nothing is, what its preset suggests. Groups of settings are gone through one by one. */
export function overSuggested(suggested: Settings, given: Settings): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...suggested, ...given };
  for (const [name, value] of Object.entries(given)) {
    const usual = Object.hasOwn(suggested, name) ? suggested[name] : undefined;
    if (isGroup(usual) && isGroup(value)) merged[name] = overSuggested(usual, value);
  }
  return merged;
}

function isGroup(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The notices of the service itself (LTI Platform Notification Service 1.0), which the hub relays with all that they say. */
export const helloWorld = 'LtiHelloWorldNotice';
export const contextCopy = 'LtiContextCopyNotice';
export const understoodTypes: readonly string[] = [helloWorld, contextCopy];

/** What a type is called; other specifications add theirs, as Asset Processor does, and platforms their own. */
const typeName = /^[A-Za-z][\w.:/-]{0,254}$/;
const mostTypes = 50;

/** The types that a platform offers, those that the hub understands first. */
export function readTypes(offered: readonly string[]): string[] {
  const named = [...new Set(offered)].filter((type) => typeName.test(type));
  const others = named.filter((type) => !understoodTypes.includes(type));
  return [...understoodTypes.filter((type) => named.includes(type)), ...others].slice(0, mostTypes);
}

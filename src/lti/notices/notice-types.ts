/**
 * The notices that the hub relays (LTI Platform Notification Service 1.0 §4). Others lead to services of the LMS that the hub
 * has no part in: it asks for none of them, so that nothing is promised that does not come.
 */
export const helloWorld = 'LtiHelloWorldNotice';
export const contextCopy = 'LtiContextCopyNotice';
export const relayedTypes = [helloWorld, contextCopy] as const;
export type RelayedType = (typeof relayedTypes)[number];

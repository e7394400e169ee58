/** `page`: somebody is to look now; `ticket`: within days. */
export const severities = ['page', 'ticket'] as const;
export type IncidentSeverity = (typeof severities)[number];

export const incidentStates = ['open', 'acknowledged', 'resolved'] as const;
export type IncidentState = (typeof incidentStates)[number];

/** What is suspected, from what fails where and since when. */
export const incidentCauses = ['partner', 'certificate', 'our_change', 'hub', 'connection'] as const;
export type IncidentCause = (typeof incidentCauses)[number];

/** What made an alert fire. */
export const alertRules = [
  'burn_fast',
  'burn_slow',
  'burn_budget',
  'no_traffic',
  'oldest_pending',
  'expiry',
  'user_errors',
  'host_down',
  'probe',
  'accounts_vanished',
] as const;
export type AlertRule = (typeof alertRules)[number];

/** How people are told. */
export const notificationChannels = ['email', 'webhook', 'slack'] as const;

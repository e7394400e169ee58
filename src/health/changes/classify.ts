import type { ChangeType } from '../../../contracts/changes.ts';

/** An event of the audit trail, as far as it matters here. */
export interface AuditedEvent {
  action: string;
  subject: string;
  /** Names of secrets that were entered with it. */
  entered: readonly string[];
}

/** What is changed by which action. Making something new changes nothing that worked. */
const typeOf: Readonly<Record<string, ChangeType>> = {
  'lms.updated': 'settings',
  'hub_registration.updated': 'settings',
  'deployment.status_set': 'settings',
  'identity.updated': 'settings',
  'identity.status_set': 'settings',
  'identity.metadata_used': 'settings',
  'roster.updated': 'settings',
  'roster.paused': 'settings',
  'roster.resumed': 'settings',
  'roster.disabled': 'settings',
  'tool.updated': 'settings',
  'tool.custom_set': 'settings',
  'tool.disabled_for_tenant': 'settings',
  'identity.certificate_set': 'credentials',
  'identity.key_activated': 'credentials',
  'identity.key_removed': 'credentials',
  'signing_key.signing': 'credentials',
  'signing_key.revoked': 'credentials',
  'roster.field_overridden': 'mapping',
  'roster.override_cleared': 'mapping',
  'people.match_rule_set': 'mapping',
  'release_policy.stored': 'mapping',
  'tool.policy_put_in_force': 'mapping',
  'hub.released': 'hub_release',
};

/** The type of change an event is; undefined for one that can break nothing. */
export function decideChangeType({ action, entered }: AuditedEvent): ChangeType | undefined {
  const type = typeOf[action];
  return type === 'settings' && entered.length > 0 ? 'credentials' : type;
}

/** The connection or tool that a subject such as `connection:<id>` names. */
export function readSubject(subject: string): { connectionId?: string; toolId?: string } {
  const [thing = '', id = ''] = subject.split(':');
  if (thing === 'connection') return { connectionId: id };
  return thing === 'tool' ? { toolId: id } : {};
}

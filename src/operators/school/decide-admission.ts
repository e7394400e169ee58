import type { AdminRefusal } from '../../sso/admins.ts';
import type { OperatorLink } from '../links/link.ts';
import type { Operator } from '../operator.ts';

/** What is known when somebody comes back from their institution's sign-in. */
export interface AdmissionFacts {
  /** Admins come by this connection. */
  isOpen: boolean;
  /** Whose account the other side's key is linked with. */
  known: Operator | undefined;
  /** How they set out: to sign in, by an invitation, or to link the account that they were signed in to. */
  wish: 'sign_in' | 'link' | 'own';
  /** The session that the wish was made in has ended. */
  isOver: boolean;
  /** The invitation, while it is good. */
  link: OperatorLink | undefined;
  /** The account that the invitation or the wish names, or that has the invitation's address by now. */
  target: Operator | undefined;
}

export type AdmissionDecision =
  | { kind: 'let_in'; operator: Operator }
  /** The account is linked from now on. */
  | { kind: 'link'; operator: Operator }
  /** The invitation makes an account. */
  | { kind: 'add'; link: OperatorLink }
  | { kind: 'refuse'; reason: AdminRefusal };

/** Whether an admin comes in, and as whom. An e-mail address says nothing here: the key does, or the link that somebody holds. */
export function decideAdmission(facts: AdmissionFacts): AdmissionDecision {
  const { isOpen, known, wish, isOver, link, target } = facts;
  if (!isOpen) return refuse('admin_way_closed');
  if (wish === 'sign_in') {
    if (known === undefined) return refuse('admin_unknown');
    return known.status === 'active' ? { kind: 'let_in', operator: known } : refuse('admin_disabled');
  }
  if (isOver || (wish === 'link' && link === undefined)) return refuse('admin_link_over');
  if (known !== undefined && known.operatorId !== target?.operatorId) return refuse('admin_linked_elsewhere');
  if (link?.kind === 'invitation') return target ? refuse('admin_link_over') : { kind: 'add', link };
  if (target === undefined) return refuse('admin_unknown');
  return target.status === 'active' ? { kind: 'link', operator: target } : refuse('admin_disabled');
}

function refuse(reason: AdminRefusal): AdmissionDecision {
  return { kind: 'refuse', reason };
}

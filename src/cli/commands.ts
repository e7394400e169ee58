import type { Command } from './command.ts';
import { apiTokenCreate, apiTokenList, apiTokenRevoke } from './commands/api-token.ts';
import { auditExportCommand, auditVerifyCommand } from './commands/audit.ts';
import {
  burdenConnect,
  burdenDisconnect,
  burdenImport,
  burdenShow,
  burdenTrackers,
} from './commands/burden.ts';
import {
  calendarAdd,
  calendarImport,
  calendarRemove,
  calendarShow,
  calendarZone,
} from './commands/calendar.ts';
import { changeList } from './commands/change.ts';
import { deploymentAdd, deploymentDisable, deploymentList } from './commands/deployment.ts';
import { deploymentClaim, deploymentClaims, deploymentRefuse } from './commands/deployment-claim.ts';
import { domainAdd, domainList, domainRemove, domainVerify } from './commands/domain.ts';
import { gradesList, gradesShow } from './commands/grades.ts';
import { gradesReconcile } from './commands/grades-reconcile.ts';
import { gradesDiscard, gradesReplay } from './commands/grades-repair.ts';
import { gradesPause, gradesResume, gradesRoutes } from './commands/grades-routes.ts';
import { healthDelivery, healthRates, healthRows } from './commands/health.ts';
import { healthBackfill, healthConnections, healthTier } from './commands/health-connections.ts';
import {
  healthSinks,
  statusLinkAdd,
  statusLinkList,
  statusLinkRemove,
  targetReport,
} from './commands/health-outlets.ts';
import {
  identityDisable,
  identityList,
  identityPause,
  identityResume,
  identityShow,
} from './commands/identity.ts';
import {
  identityCertificateActivate,
  identityCertificateAdd,
  identityCertificateRetire,
  identityCertificates,
  identityKeyActivate,
  identityKeyNext,
  identityKeyRemove,
} from './commands/identity-certificates.ts';
import { identityCheck, identityDescribe, identityTestLink } from './commands/identity-check.ts';
import { identityConnect, identityProtocols, identityUpdate } from './commands/identity-connect.ts';
import {
  identityMetadata,
  identityMetadataAccept,
  identityMetadataGive,
  identityMetadataRefresh,
} from './commands/identity-metadata.ts';
import { incidentAcknowledge, incidentList, incidentShow } from './commands/incident.ts';
import { targetAdd, targetList, targetNews, targetRemove, targetResend } from './commands/incident-target.ts';
import { keysList, keysRevoke, keysRewrap, keysRotate } from './commands/keys.ts';
import { launchList, launchTrace } from './commands/launch.ts';
import { legacyKeyList, legacyKeyRemove, legacyKeySet } from './commands/legacy-key.ts';
import { lmsDisable, lmsList, lmsShow, lmsUpdate } from './commands/lms.ts';
import { lmsConnect, lmsHubConnect } from './commands/lms-connect.ts';
import { lmsInvitations, lmsInvite, lmsSetup, lmsUninvite } from './commands/lms-invite.ts';
import { migrateCommand } from './commands/migrate.ts';
import { noticeList, noticeReplay } from './commands/notice.ts';
import {
  onboardingLeadTimes,
  onboardingList,
  onboardingMove,
  onboardingRequest,
  onboardingShow,
} from './commands/onboarding.ts';
import {
  operatorDisable,
  operatorEnable,
  operatorInvite,
  operatorList,
  operatorPasswordLink,
  operatorResetSecondFactor,
  operatorSignInLink,
} from './commands/operator.ts';
import { peopleErase, peopleReadmit } from './commands/people-erase.ts';
import { peopleMerge, peopleMerges, peopleUnmerge } from './commands/people-merge.ts';
import {
  peopleDismiss,
  peopleJoin,
  peopleKeepApart,
  peopleReview,
  peopleReviewShow,
} from './commands/people-review.ts';
import { peopleMatchRule } from './commands/people-rule.ts';
import { policyPreview, policySet, policyShow } from './commands/policy.ts';
import {
  hostList,
  hostReset,
  probeSet,
  readinessNote,
  readinessSecret,
  readinessShow,
} from './commands/readiness.ts';
import {
  rosterCheck,
  rosterDisable,
  rosterList,
  rosterPause,
  rosterResume,
  rosterSchools,
  rosterShow,
} from './commands/roster.ts';
import { rosterConnect, rosterConnectors, rosterUpdate } from './commands/roster-connect.ts';
import { rosterApprove, rosterCancel, rosterDiscard, rosterUndo } from './commands/roster-decide.ts';
import { rosterOverride, rosterOverrides } from './commands/roster-override.ts';
import { rosterFindings, rosterPlan } from './commands/roster-plan.ts';
import { rosterRun, rosterRuns } from './commands/roster-run.ts';
import { sloBudget, sloClear, sloList, sloSet } from './commands/service-level.ts';
import { sessionList, sessionRevoke } from './commands/session.ts';
import { signInList, signInShow } from './commands/sign-in.ts';
import { tenantCreate, tenantList, tenantRotateKey, tenantShow } from './commands/tenant.ts';
import { toolCreate, toolDisable, toolList, toolShow, toolUpdate } from './commands/tool.ts';
import { toolCustom, toolDisableFor, toolEnable } from './commands/tool-enablement.ts';
import { toolInvitations, toolInvite, toolUninvite } from './commands/tool-invite.ts';

/** Every command of the hub, in the order help shows them. */
export const commands: readonly Command[] = [
  tenantCreate,
  tenantList,
  tenantShow,
  tenantRotateKey,
  toolCreate,
  toolList,
  toolShow,
  toolUpdate,
  toolDisable,
  toolEnable,
  toolCustom,
  toolDisableFor,
  toolInvite,
  toolInvitations,
  toolUninvite,
  lmsConnect,
  lmsHubConnect,
  lmsList,
  lmsShow,
  lmsUpdate,
  lmsDisable,
  lmsSetup,
  lmsInvite,
  lmsInvitations,
  lmsUninvite,
  deploymentList,
  deploymentAdd,
  deploymentDisable,
  deploymentClaims,
  deploymentClaim,
  deploymentRefuse,
  policyShow,
  policySet,
  policyPreview,
  keysList,
  keysRotate,
  keysRevoke,
  keysRewrap,
  launchTrace,
  domainAdd,
  domainVerify,
  domainList,
  domainRemove,
  legacyKeySet,
  legacyKeyList,
  legacyKeyRemove,
  noticeList,
  noticeReplay,
  launchList,
  gradesList,
  gradesShow,
  gradesReplay,
  gradesDiscard,
  gradesRoutes,
  gradesPause,
  gradesResume,
  gradesReconcile,
  rosterConnectors,
  rosterConnect,
  rosterList,
  rosterShow,
  rosterUpdate,
  rosterCheck,
  rosterSchools,
  rosterPause,
  rosterResume,
  rosterDisable,
  rosterRun,
  rosterRuns,
  rosterPlan,
  rosterFindings,
  rosterApprove,
  rosterDiscard,
  rosterCancel,
  rosterUndo,
  rosterOverride,
  rosterOverrides,
  identityProtocols,
  identityConnect,
  identityList,
  identityShow,
  identityUpdate,
  identityDescribe,
  identityCheck,
  identityTestLink,
  identityMetadata,
  identityMetadataRefresh,
  identityMetadataGive,
  identityMetadataAccept,
  identityCertificates,
  identityCertificateAdd,
  identityCertificateActivate,
  identityCertificateRetire,
  identityKeyNext,
  identityKeyActivate,
  identityKeyRemove,
  identityPause,
  identityResume,
  identityDisable,
  sessionList,
  sessionRevoke,
  signInList,
  signInShow,
  calendarShow,
  calendarZone,
  calendarAdd,
  calendarRemove,
  calendarImport,
  onboardingRequest,
  onboardingList,
  onboardingShow,
  onboardingMove,
  onboardingLeadTimes,
  incidentList,
  incidentShow,
  incidentAcknowledge,
  targetAdd,
  targetList,
  targetRemove,
  targetNews,
  targetResend,
  targetReport,
  statusLinkAdd,
  statusLinkList,
  statusLinkRemove,
  healthSinks,
  sloList,
  sloSet,
  sloClear,
  sloBudget,
  changeList,
  readinessShow,
  readinessNote,
  readinessSecret,
  probeSet,
  hostList,
  hostReset,
  burdenShow,
  burdenImport,
  burdenConnect,
  burdenTrackers,
  burdenDisconnect,
  healthRates,
  healthConnections,
  healthRows,
  healthDelivery,
  healthTier,
  healthBackfill,
  operatorInvite,
  operatorList,
  operatorDisable,
  operatorEnable,
  operatorResetSecondFactor,
  operatorPasswordLink,
  operatorSignInLink,
  apiTokenCreate,
  apiTokenList,
  apiTokenRevoke,
  peopleReview,
  peopleReviewShow,
  peopleJoin,
  peopleKeepApart,
  peopleDismiss,
  peopleMerge,
  peopleUnmerge,
  peopleMerges,
  peopleMatchRule,
  peopleErase,
  peopleReadmit,
  auditExportCommand,
  auditVerifyCommand,
  migrateCommand,
];

import { addWork, importWork, listWorkSources, showBurden } from './burden.ts';
import {
  listDownHosts,
  listProbes,
  noteLoadTest,
  noteReadiness,
  resetHost,
  setProbing,
  setSecretTerm,
  showHubReadiness,
  showReadiness,
} from './readiness.ts';
import { addTarget, listTargets, removeTarget } from './targets.ts';

/** Endpoints about partners that are down, probes, readiness, work, and who is told. */
export const healthMoreEndpoints = {
  listDownHosts,
  resetHost,
  listProbes,
  setProbing,
  showReadiness,
  showHubReadiness,
  noteReadiness,
  noteLoadTest,
  setSecretTerm,
  showBurden,
  addWork,
  importWork,
  listWorkSources,
  listTargets,
  addTarget,
  removeTarget,
} as const;

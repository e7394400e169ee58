import { serialMember } from '../lms/score-body.ts';
import type { Evidence } from './evidence.ts';

/** All that happened at one place, for whoever looks for the reason of a fault. */
export function tellStory(evidence: Evidence, place: string): string {
  const policy = evidence.places.find(({ key }) => key === place)?.policy;
  const rows = evidence.deliveries.filter((row) => row.place === place).sort((a, b) => a.at - b.at);
  const told = rows.map(({ deliveryId, body, state, reason, attempts }) => {
    const tries = evidence.attempts
      .filter((attempt) => attempt.deliveryId === deliveryId)
      .sort((a, b) => a.attempt - b.attempt)
      .map(({ outcome, httpStatus }) => `${outcome} ${httpStatus ?? '–'}`);
    const { scoreGiven, comment, activityProgress } = body ?? {};
    const what = `score ${body?.[serialMember]}: ${scoreGiven} ${JSON.stringify(comment)} ${activityProgress}`;
    return `${what}, ${state} (${reason}) after ${attempts}: ${tries.join(', ')}`;
  });
  const came = evidence.arrivals
    .filter((arrival) => arrival.place === place)
    .map(
      ({ serial, at, applied }) => `${serial}${applied ? '' : ' refused'} at ${new Date(at).toISOString()}`,
    );
  return [`${place} (${policy})`, ...told, `at the LMS: ${came.join(' | ')}`].join('\n  ');
}

import { z } from 'zod';
import { type WorkShape, workIntegrations } from '../../../contracts/burden.ts';
import { type NewWorkItem, newWorkItem } from '../../../contracts/work-items.ts';

/** What a tracker's message says of work on integrations. */
export type TrackedWork =
  | { kind: 'work'; item: NewWorkItem }
  /** It is no work on integrations, or not any more. */
  | { kind: 'none'; externalId: string }
  | { kind: 'other_event' };

const name = z.string().max(500);
const moment = z.string().max(100).nullish();
const seconds = z.number().nonnegative().nullish();

/** GitHub, event `issues`. Minutes stand in a label. */
const github = z.object({
  action: name,
  issue: z.object({
    id: z.number(),
    closed_at: moment,
    updated_at: moment,
    labels: z.array(z.object({ name })).default([]),
  }),
});

/** GitLab, issue events. Time spent is in seconds. */
const gitlab = z.object({
  object_kind: z.literal('issue'),
  object_attributes: z.object({
    id: z.number(),
    action: name.nullish(),
    closed_at: moment,
    updated_at: moment,
    total_time_spent: seconds,
  }),
  labels: z.array(z.object({ title: name })).default([]),
});

/** Jira, issue events. Time spent is in seconds. */
const jira = z.object({
  webhookEvent: z.enum(['jira:issue_created', 'jira:issue_updated', 'jira:issue_deleted']),
  issue: z.object({
    id: z.string().max(100),
    fields: z
      .object({
        labels: z.array(name).default([]),
        timespent: seconds,
        updated: moment,
        resolutiondate: moment,
      })
      .default({ labels: [] }),
  }),
});

interface Issue {
  externalId: string;
  isGone: boolean;
  labels: readonly string[];
  seconds: number | null | undefined;
  doneAt: string | null | undefined;
}

/**
 * Reads a tracker's message. Labels say what it is: `integration:existing` or `integration:new`, `partner:canvas`, and where
 * the tracker keeps no time, `minutes:90`.
 *
 * @param now Unix milliseconds; stands for when it was done, where the tracker does not say
 */
export function readTracked(shape: WorkShape, payload: unknown, now: number): TrackedWork {
  const issue = readIssue(shape, payload);
  if (issue === undefined) return { kind: 'other_event' };
  const { externalId, labels } = issue;
  const labelOf = (key: string) =>
    labels
      .find((label) => label.startsWith(`${key}:`))
      ?.slice(key.length + 1)
      .trim();
  const integration = workIntegrations.find((each) => each === labelOf('integration'));
  if (integration === undefined || issue.isGone) return { kind: 'none', externalId };
  const labelled = labelOf('minutes');
  const minutes =
    labelled !== undefined && /^\d{1,6}$/.test(labelled)
      ? Number(labelled)
      : Math.round((issue.seconds ?? 0) / 60);
  const partner = labelOf('partner') || null;
  const item = newWorkItem.safeParse({
    externalId,
    integration,
    partner,
    minutes,
    doneAt: momentOf(issue, now),
  });
  return item.success ? { kind: 'work', item: item.data } : { kind: 'none', externalId };
}

function readIssue(shape: WorkShape, payload: unknown): Issue | undefined {
  switch (shape) {
    case 'github': {
      const { data } = github.safeParse(payload);
      if (data === undefined) return undefined;
      const { id, closed_at, updated_at, labels } = data.issue;
      const isGone = data.action === 'deleted' || data.action === 'transferred';
      const names = labels.map((label) => label.name);
      return { externalId: `${id}`, isGone, labels: names, seconds: 0, doneAt: closed_at ?? updated_at };
    }
    case 'gitlab': {
      const { data } = gitlab.safeParse(payload);
      if (data === undefined) return undefined;
      const { id, total_time_spent, closed_at, updated_at } = data.object_attributes;
      const labels = data.labels.map(({ title }) => title);
      return {
        externalId: `${id}`,
        isGone: false,
        labels,
        seconds: total_time_spent,
        doneAt: closed_at ?? updated_at,
      };
    }
    case 'jira': {
      const { data } = jira.safeParse(payload);
      if (data === undefined) return undefined;
      const { labels, timespent, resolutiondate, updated } = data.issue.fields;
      const isGone = data.webhookEvent === 'jira:issue_deleted';
      return {
        externalId: data.issue.id,
        isGone,
        labels,
        seconds: timespent,
        doneAt: resolutiondate ?? updated,
      };
    }
  }
}

/** Trackers write moments in forms of their own, such as `2026-09-15 16:52:00 UTC`; one in the future is not believed. */
function momentOf({ doneAt }: Issue, now: number): string {
  const time = Date.parse(doneAt ?? '');
  return new Date(Number.isNaN(time) || time > now ? now : time).toISOString();
}

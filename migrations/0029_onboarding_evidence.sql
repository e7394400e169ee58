-- What has shown that an onboarding reached a stage, where the hub has found that out by itself; null: somebody has said so.
alter table onboarding_event add column evidence text check (length(evidence) between 1 and 50);

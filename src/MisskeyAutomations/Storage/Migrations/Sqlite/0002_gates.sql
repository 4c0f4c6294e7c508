-- group_rest: the rules that are asked after a no. overlap: what
-- unfinished runs must not share, null for runs that know nothing of each other. queued: whether the run waits for its turn.
-- waits_since: since when it waits for its turn or a place. stop: why it is to stop before its next step.
alter table runs add column group_rest text;
alter table runs add column overlap text;
alter table runs add column queued integer not null default 0;
alter table runs add column waits_since integer;
alter table runs add column stop text;

create index runs_overlapping on runs (overlap, id) where overlap is not null and state < 4;

-- promised: 1 while its run waits for it; at is then the moment for which it is promised. kept: 1 when the run that it was taken over
-- from may have acted, so that it is never given back.
alter table limit_places add column promised integer not null default 0;
alter table limit_places add column kept integer not null default 0;

create index limit_places_promised on limit_places (rule, key, at) where promised = 1;

-- Limits count per account. A place may outlive its run; it is the first account's then, as there was one only.
update limit_places set key = coalesce((select account from runs where runs.id = run), (select min(id) from accounts)) || '/' || key;

-- What was done, counted in the transaction in which it was done, so that nobody who wants to see it goes through events and runs. span: 0 for
-- minutes, 1 for hours; at: when that began. rule: 0 for events, and where minutes are counted. what: 0 events that were decided, 1 runs
-- that were made, 4 to 7 runs that ended, by their states, 9 requests that had an effect.
create table activity (
    span    integer not null,
    at      integer not null,
    account integer not null,
    rule    integer not null,
    what    integer not null,
    number  integer not null,
    primary key (span, at, account, rule, what)
) strict, without rowid;

-- fired_at: when a run of the rule last got past its gates. began_at: since when a step is at work, null for those of before; attempts: how often
-- its request was sent.
alter table rules add column fired_at integer;
alter table steps add column began_at integer;
alter table steps add column attempts integer not null default 0;

-- Few of a million.
create index runs_failed on runs (id) where state = 6;

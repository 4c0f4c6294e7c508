-- Names that occur in many rows are written once and referred to by number.
create table accounts (
    id   integer primary key,
    name text not null unique
) strict;

create table hooks (
    id      integer primary key,
    account integer not null references accounts,
    hook_id text not null,
    unique (account, hook_id)
) strict;

create table rules (
    id   integer primary key,
    name text not null unique
) strict;

-- The text is dropped once no unfinished run refers to it; the hash stays, for people who look at finished runs.
create table rule_versions (
    id   integer primary key,
    rule integer not null references rules,
    hash text not null,
    text text,
    unique (rule, hash)
) strict;

-- event_id: 16 bytes for a UUID in its usual spelling, otherwise the text as it came. created_at stands before it in the key though the
-- id alone would do: new keys then come to the end of the index, not each to a page of its own, which halves the cost of a delivery.
create table deliveries (
    id          integer primary key,
    hook        integer not null,
    created_at  integer not null,
    event_id    any not null,
    source      integer not null,
    received_at integer not null,
    scrubbed    integer not null,
    state       integer not null,
    type        text,
    verdicts    blob,
    note        text,
    unique (hook, created_at, event_id)
) strict;

create index deliveries_undecided on deliveries (id) where state = 0;

-- Apart from their deliveries: deciding rewrites the narrow row only, and lists never read past bodies.
create table bodies (
    delivery integer primary key,
    body     blob not null
) strict;

-- Subjects that happen once.
create table subjects (
    account  integer not null,
    key      text not null,
    delivery integer not null,
    readable integer not null,
    primary key (account, key)
) strict, without rowid;

-- Reports of subjects that recur. The first report of an event has event = delivery; those of other hooks point to it.
create table reports (
    account  integer not null,
    key      text not null,
    event_at integer not null,
    delivery integer not null,
    event    integer not null,
    hook     integer not null,
    source   integer not null,
    primary key (account, key, event_at, delivery)
) strict, without rowid;

create index reports_of_event on reports (event, hook, source);

-- wake_at: when the run is to be looked at: its due time, or the end of its lease while a process (lease) is at it.
create table runs (
    id         integer primary key,
    account    integer not null,
    delivery   integer not null,
    subject    text not null,
    version    integer not null,
    dry_run    integer not null,
    state      integer not null,
    phase      integer not null,
    branch     text not null,
    waits_for  integer not null,
    due_at     integer,
    event_at   integer not null,
    created_at integer not null,
    waited     integer not null,
    seed       integer not null,
    attempts   integer not null,
    reason     text,
    gate       text,
    epoch      integer not null,
    lease      integer,
    wake_at    integer
) strict;

create index runs_to_wake on runs (wake_at, lease) where wake_at is not null;
create index runs_unfinished on runs (version) where state < 4;
create index runs_waiting on runs (waits_for, id) where state = 1;

-- object: the id of the note that the step made, or of the user that it asked to follow.
create table steps (
    run        integer not null,
    path       text not null,
    kind       text not null,
    state      integer not null,
    intent     text,
    answer     text,
    reason     text,
    at         integer not null,
    had_effect integer not null,
    object     text,
    primary key (run, path)
) strict, without rowid;

create index steps_by_object on steps (object) where object is not null;
create index steps_on_their_way on steps (run, path) where state in (1, 2);

create table limit_places (
    rule       integer not null,
    key        text not null,
    at         integer not null,
    run        integer not null,
    expires_at integer,
    primary key (rule, key, at, run)
) strict, without rowid;

create index limit_places_of_run on limit_places (run);
create index limit_places_expiring on limit_places (expires_at) where expires_at is not null;

-- number counts the tokens that a bucket ever gave: the one so many places back is found at once, however large the budget is.
create table budget_tokens (
    account    integer not null,
    bucket     text not null,
    number     integer not null,
    at         integer not null,
    run        integer not null,
    path       text not null,
    expires_at integer not null,
    primary key (account, bucket, number)
) strict, without rowid;

create index budget_tokens_of_step on budget_tokens (run, path);
create index budget_tokens_expiring on budget_tokens (expires_at);

create table settings (
    key   text primary key,
    value text not null
) strict, without rowid;

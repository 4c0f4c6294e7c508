-- What `set` kept. scope: 'account', or what it is kept per with its id. Dry runs keep theirs apart; a null there hides what others kept.
create table state (
    account    integer not null,
    dry_run    integer not null,
    scope      text not null,
    key        text not null,
    value      text,
    expires_at integer,
    primary key (account, dry_run, scope, key)
) strict, without rowid;

create index state_expiring on state (expires_at) where expires_at is not null;

-- Replies that runs waited for, or will: the step wait-for takes them in the order of their numbers.
create table heard (
    run      integer not null,
    number   integer not null,
    delivery integer not null,
    primary key (run, number)
) strict, without rowid;

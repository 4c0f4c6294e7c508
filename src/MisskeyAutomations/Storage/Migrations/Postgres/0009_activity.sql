-- What was done, counted in the transaction in which it was done; the embedded store's script says what the numbers mean.
create table activity (
    span    bigint not null,
    at      bigint not null,
    account bigint not null,
    rule    bigint not null,
    what    bigint not null,
    number  bigint not null,
    primary key (span, at, account, rule, what)
);

alter table rules add column fired_at bigint;
alter table steps add column began_at bigint;
alter table steps add column attempts bigint not null default 0;

create index runs_failed on runs (id) where state = 6;

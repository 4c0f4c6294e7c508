-- What the owner was told of, or is to be told: one row for each trouble, target and engine, until its end was told.
create table alerts (
    engine  text not null,
    target  text not null,
    kind    text not null,
    subject text not null,
    text    text not null,
    since   integer not null,
    told_at integer,
    over_at integer,
    primary key (engine, target, kind, subject)
) strict, without rowid;

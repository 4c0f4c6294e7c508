-- What runs have looked up at Misskey, for people to see: the question and whether it was answered.
create table lookups (
    run     integer not null,
    number  integer not null,
    kind    integer not null,
    subject text    not null,
    outcome integer not null,
    reason  text,
    at      integer not null,
    primary key (run, number)
) strict, without rowid;

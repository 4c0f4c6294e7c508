-- What runs have looked up at Misskey, for people to see: the question and whether it was answered.
create table lookups (
    run     bigint not null,
    number  bigint not null,
    kind    bigint not null,
    subject text collate "C" not null,
    outcome bigint not null,
    reason  text collate "C",
    at      bigint not null,
    primary key (run, number)
);

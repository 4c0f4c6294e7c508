create table alerts (
    engine  text collate "C" not null,
    target  text collate "C" not null,
    kind    text collate "C" not null,
    subject text collate "C" not null,
    text    text collate "C" not null,
    since   bigint not null,
    told_at bigint,
    over_at bigint,
    primary key (engine, target, kind, subject)
);

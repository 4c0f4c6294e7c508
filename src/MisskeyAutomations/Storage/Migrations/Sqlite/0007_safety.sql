-- Whom an account does not answer until they have been quiet for a while.
create table breakers (
    account integer not null,
    name    text not null,
    until   integer not null,
    primary key (account, name)
) strict, without rowid;

-- Accounts that were connected at run time. Their tokens and secrets are encrypted; the keys are no part of the database.
create table connected_accounts (
    name   text primary key,
    sealed blob not null
) strict, without rowid;

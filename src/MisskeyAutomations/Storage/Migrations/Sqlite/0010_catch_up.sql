-- How far the notifications of each account were seen: whose they are, the last one, and when the last look came to its end.
create table catch_up_marks (
    account      integer primary key references accounts,
    user         text not null,
    notification text not null,
    looked_at    integer not null
) strict;

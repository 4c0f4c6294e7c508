-- Who followed each account when its followers were last compared, and by which follow; a follow has an id of its own, another each time.
create table followers (
    account integer not null references accounts,
    user    text not null,
    follow  text not null,
    primary key (account, user)
) strict, without rowid;

-- Whose followers they are, and when the last comparison came to its end; none while the first is under way.
create table follower_marks (
    account     integer primary key references accounts,
    user        text not null,
    compared_at integer not null
) strict;

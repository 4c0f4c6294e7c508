-- Who followed each account when its followers were last compared, and by which follow; a follow has an id of its own, another each time.
create table followers (
    account bigint not null references accounts,
    "user"  text collate "C" not null,
    follow  text collate "C" not null,
    primary key (account, "user")
);

-- Whose followers they are, and when the last comparison came to its end; none while the first is under way.
create table follower_marks (
    account     bigint primary key references accounts,
    "user"      text collate "C" not null,
    compared_at bigint not null
);

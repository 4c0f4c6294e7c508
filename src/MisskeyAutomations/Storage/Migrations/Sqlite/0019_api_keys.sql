-- Who may use the API: of each key its SHA-256 alone.
create table api_keys (
    name       text primary key,
    hash       blob not null unique,
    read_only  integer not null,
    created_at integer not null
) strict, without rowid;

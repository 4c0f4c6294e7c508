-- Who may use the API: of each key its SHA-256 alone.
create table api_keys (
    name       text collate "C" primary key,
    hash       bytea not null unique,
    read_only  bigint not null,
    created_at bigint not null
);

-- At what the engine died, and how often: kind 0 is a delivery, 1 a run. At three it is set aside for a person to look at.
create table deaths (
    kind   integer not null,
    id     integer not null,
    number integer not null,
    at     integer not null,
    primary key (kind, id)
) strict, without rowid;

create index deliveries_quarantined on deliveries (id) where state = 5;

-- What a clock that was wrong made stale is looked for every few seconds, and what a sender made stale may be millions: each index has first what is looked
-- for. Ahead: what came more than ten minutes before its own time.
drop index deliveries_stale;
create index deliveries_stale on deliveries (received_at) where state = 4;
create index deliveries_ahead on deliveries (created_at) where state = 4 and created_at > received_at + 600000;

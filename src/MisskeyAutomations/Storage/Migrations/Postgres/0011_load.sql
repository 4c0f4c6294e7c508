-- What a clock that was wrong made stale is looked for every few seconds, and what a sender made stale may be millions: each index has first what is looked
-- for. Ahead: what came more than ten minutes before its own time.
drop index deliveries_stale;
create index deliveries_stale on deliveries (received_at) where state = 4;
create index deliveries_ahead on deliveries (created_at) where state = 4 and created_at > received_at + 600000;

-- What was set aside only because it lacks what its type must bring has its type from now on, and is dropped in its time.
update deliveries set type = split_part(note, '''', 2) where state = 5 and type = '' and note like 'a ''%'' must bring what it is about, %';

-- Of what is on its way or uncertain, the posts alone: each note of the account and each reply is compared with them.
create index steps_posting on steps (run, path) where state in (1, 2) and intent like '%"notes/create"%';

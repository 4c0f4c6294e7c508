-- What became of an event is asked by its delivery: among a million runs in 0.2 ms instead of 190 ms, for 12 bytes a run. Runs are made
-- in the order of their deliveries: new keys come to the end.
create index runs_of_delivery on runs (delivery);

-- Deliveries that were stale: some were so by a clock that was wrong, and are decided once it is right.
create index deliveries_stale on deliveries (id) where state = 4;

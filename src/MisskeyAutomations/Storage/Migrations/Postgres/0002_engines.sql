-- commits: the number of the last transaction of the engine, by which it knows whether one was committed whose end it did not hear of.
alter table nodes add column commits bigint not null default 0;

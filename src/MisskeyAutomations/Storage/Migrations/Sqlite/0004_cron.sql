-- What the clock has done: until when the times of a rule's cron trigger are settled. Another expression or zone is another trigger.
create table cron_marks (
    rule    text not null,
    trigger text not null,
    at      integer not null,
    primary key (rule, trigger)
) strict, without rowid;

-- What is dropped with a delivery is found by it. New keys come to the end of the first index; the second is small.
create index subjects_of_delivery on subjects (delivery);
create index heard_of_delivery on heard (delivery);

-- Deliveries of direct notes, while their bodies are kept: those may be dropped before the others.
create table private_deliveries (
    delivery integer primary key
) strict;

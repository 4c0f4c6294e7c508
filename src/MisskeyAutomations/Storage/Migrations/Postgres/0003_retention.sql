-- What is dropped with a delivery is found by it.
create index subjects_of_delivery on subjects (delivery);
create index heard_of_delivery on heard (delivery);

-- Deliveries of direct notes, while their bodies are kept.
create table private_deliveries (
    delivery bigint primary key
);

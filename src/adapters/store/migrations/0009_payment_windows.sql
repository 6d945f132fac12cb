-- Devices that were let onto the internet for a few minutes in order to pay.

create table payment_window (
    id {id} primary key,
    organization_id {id} not null,
    location_id {id} not null,
    router_id {id} not null,
    mac {id} not null,
    ip text not null,
    rate_bps {int} not null,
    opened_at {int} not null,
    ends_at {int} not null,
    ended_at {int},
    counts {int} not null
) {keyed};
create unique index payment_window_open on payment_window (location_id, mac) where ended_at is null;
create index payment_window_of_device on payment_window (organization_id, mac, opened_at);
create index payment_window_age on payment_window (opened_at);

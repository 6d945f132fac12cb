-- Ways to pay that customers keep. `token_sealed` charges the customer; it is empty before he agreed
-- and after the method was removed.
create table saved_method (
    id {id} primary key,
    version {int} not null,
    account_id {id} not null,
    method text not null,
    payment_account_id {id} not null,
    state text not null,
    order_id {id} not null,
    pay_url text not null,
    deep_link text not null,
    qr_text text not null,
    gateway_order text not null,
    token_sealed text not null,
    binding_id text not null,
    label text not null,
    masked text not null,
    expires_at {int},
    is_default {int} not null,
    position {int} not null,
    created_at {int} not null,
    updated_at {int} not null
) {keyed};
create unique index saved_method_order on saved_method (payment_account_id, order_id) where order_id <> '';
create index saved_method_of_account on saved_method (account_id);

-- What became of each. Append only.
create table saved_method_event (
    id {serial},
    method_id {id} not null,
    at {int} not null,
    state_before text not null,
    state_after text not null,
    actor text not null,
    why text not null
) {rows};
create index saved_method_event_of on saved_method_event (method_id, id);

alter table txn add column saved_method_id {id} not null default '';
-- Who typed his password once more in this visit, and until when that counts.
alter table visit add column proven_id {id};
alter table visit add column proven_until {int};

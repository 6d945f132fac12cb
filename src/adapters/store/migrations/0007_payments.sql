-- Payments through gateways: what an order is called there, what came in for it, and store credit.

alter table txn add column payment_account_id {id} not null default '';
alter table txn add column order_id {id} not null default '';
alter table txn add column credit_used {int} not null default 0;
alter table txn add column refunded {int} not null default 0;
alter table txn add column fee {int} not null default 0;
alter table txn add column origin_id {id} not null default '';
alter table txn add column expires_at {int};
create unique index txn_order on txn (payment_account_id, order_id) where order_id <> '';
create index txn_of_payment_account on txn (payment_account_id, created_at) where payment_account_id <> '';
create index txn_of_origin on txn (origin_id) where origin_id <> '';

-- How the customer was asked to pay.
create table invitation (
    txn_id {id} primary key,
    pay_url text not null,
    deep_link text not null,
    qr_text text not null,
    gateway_order text not null
) {keyed};

-- Money that came in. Append only; each counts once.
create table payment (
    id {id} primary key,
    account_id {id} not null,
    gateway_id {id} not null,
    txn_id {id} not null,
    amount {int} not null,
    source text not null,
    memo text not null,
    payer text not null,
    paid_at {int} not null,
    recorded_at {int} not null
) {keyed};
create unique index payment_once on payment (account_id, gateway_id);
create index payment_of_txn on payment (txn_id);
create index payment_of_account on payment (account_id, paid_at);

-- What the gateways said, as it is kept for audit.
create table payment_notice (
    id {serial},
    account_id {id} not null,
    at {int} not null,
    order_id text not null,
    outcome text not null,
    body text not null
) {rows};
create index payment_notice_age on payment_notice (at);

-- Money that IWAS holds for a customer: the sum, and how it came to be.
create table credit (
    account_id {id} primary key,
    balance {int} not null
) {keyed};
create table credit_entry (
    id {serial},
    account_id {id} not null,
    txn_id {id} not null,
    at {int} not null,
    amount {int} not null,
    why text not null
) {rows};
create index credit_entry_of on credit_entry (account_id, at);

-- Reconciliation: what the other sides say of a day, what differs, and what people made of it.

alter table organization add column time_zone text not null default 'Asia/Ho_Chi_Minh';

-- The latest comparison of each day with each gateway, bank or PC system. `figures` as with terms.
create table reconciliation_run (
    organization_id {id} not null,
    day {id} not null,
    side {id} not null,
    subject_id {id} not null,
    outcome text not null,
    remark text not null,
    begins_at {int} not null,
    ends_at {int} not null,
    started_at {int} not null,
    finished_at {int} not null,
    asked {int} not null,
    unanswered {int} not null,
    figures text not null,
    primary key (organization_id, day, side, subject_id)
) {keyed};

create table difference (
    id {id} primary key,
    version {int} not null,
    organization_id {id} not null,
    day {id} not null,
    side {id} not null,
    subject_id {id} not null,
    kind {id} not null,
    reference {id} not null,
    txn_id {id} not null,
    ours_amount {int} not null,
    ours text not null,
    theirs_amount {int} not null,
    theirs text not null,
    state text not null,
    found_at {int} not null,
    updated_at {int} not null
) {keyed};
create unique index difference_once on difference (organization_id, day, side, subject_id, kind, reference);
create index difference_open on difference (organization_id, found_at) where state = 'open';

-- Append only.
create table difference_event (
    id {serial},
    difference_id {id} not null,
    at {int} not null,
    state_before text not null,
    state_after text not null,
    actor text not null,
    why text not null
) {rows};
create index difference_event_of on difference_event (difference_id);

-- Refunds of a day are looked for by when they came to an end.
create index txn_refunded on txn (payment_account_id, updated_at) where state = 'refunded';
create index txn_refunded_at on txn (location_id, updated_at) where state = 'refunded';
create index credit_entry_at on credit_entry (at);

-- Who may use the staff API. `token_digest` is the SHA-256 of his token in hexadecimal, empty when
-- it was revoked; the token itself is kept nowhere. `locations` are their ids, a blank between two;
-- empty: all of the organization.
create table staff (
    name {id} primary key,
    organization_id {id} not null,
    locations text not null,
    role text not null,
    token_digest {id} not null,
    added_at {int} not null,
    revoked_at {int}
) {keyed};
create unique index staff_token on staff (token_digest) where token_digest <> '';

-- What staff looks for: the newest of an organization, those in one state, those that wait for a
-- person; a customer by his name, a payment by the gateway's id.
create index txn_of_organization on txn (organization_id, created_at, id);
create index txn_of_state on txn (organization_id, state, created_at, id) where state <> 'success';
create index txn_queued on txn (organization_id, created_at, id) where is_refund_queued = 1;
create index account_called on account (location_id, lower(user_name));
create index difference_of_organization on difference (organization_id, found_at, id);

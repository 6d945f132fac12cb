-- An organization's accounts at gateways and banks. One that leaves the configuration is archived,
-- never deleted: payments and refunds name it. `settings` as with routers; `feed_secrets_sealed` is
-- one list, two texts a bank feed: its webhook secret and its API token.
create table payment_account (
    id {id} primary key,
    organization_id {id} not null,
    method text not null,
    settings text not null,
    access_key_sealed text not null,
    secret_key_sealed text not null,
    callback_key_sealed text not null,
    feed_secrets_sealed text not null,
    archived_at {int}
) {keyed};

-- The first schema. Placeholders: {id} text compared by octets, {int} 64-bit integer, {serial} a
-- growing primary key, {rows} and {keyed} the engine's table options.
-- Times are Unix milliseconds, amounts whole VND, truth 0 or 1, MAC addresses AA:BB:CC:DD:EE:FF.
-- Columns named *_sealed hold AES-256-GCM text with the id of its key.
-- There are no foreign keys: history outlives what it names, and one module writes these tables.

-- Configuration ---------------------------------------------------------------------------------

create table catalog_version (
    only_row {int} primary key,
    version {int} not null
) {rows};
insert into catalog_version (only_row, version) values (1, 0);

create table organization (
    id {id} primary key,
    name text not null,
    archived_at {int}
) {keyed};

create table location (
    id {id} primary key,
    organization_id {id} not null,
    name text not null,
    settings text not null,
    archived_at {int}
) {keyed};

create table router (
    id {id} primary key,
    location_id {id} not null,
    kind text not null,
    name text not null,
    settings text not null,
    radius_secret_sealed text not null,
    api_password_sealed text not null,
    uam_secret_sealed text not null,
    archived_at {int}
) {keyed};

create table package (
    id {id} primary key,
    organization_id {id} not null,
    status text not null,
    name text not null,
    price {int} not null,
    settings text not null,
    archived_at {int}
) {keyed};

create table pc_system (
    location_id {id} primary key,
    profile text not null,
    settings text not null,
    branch_key_sealed text not null,
    webhook_secrets_sealed text not null
) {keyed};

create table audit_entry (
    id {serial},
    at {int} not null,
    actor text not null,
    action text not null,
    subject text not null,
    detail text not null
) {rows};

-- People ----------------------------------------------------------------------------------------

create table account (
    id {id} primary key,
    location_id {id} not null,
    member_id {id} not null,
    user_name text not null,
    display_name text not null,
    last_sign_in {int} not null,
    at_pc_since {int}
) {keyed};
create unique index account_member on account (location_id, member_id);

create table visit (
    id {id} primary key,
    location_id {id} not null,
    router_id {id} not null,
    mac {id} not null,
    ip text,
    login_url text not null,
    chap_id text not null,
    chap_challenge text not null,
    return_url text not null,
    created_at {int} not null,
    account_id {id},
    signed_in_until {int}
) {keyed};
create index visit_age on visit (created_at);

-- Who last bought or signed in with a device.
create table device_account (
    location_id {id} not null,
    mac {id} not null,
    account_id {id} not null,
    at {int} not null,
    primary key (location_id, mac)
) {keyed};

create table pc_event (
    location_id {id} not null,
    event_id {id} not null,
    kept_at {int} not null,
    primary key (location_id, event_id)
) {keyed};
create index pc_event_age on pc_event (kept_at);

-- Answers to state-changing requests; `status` 0 while there is none yet.
create table request_answer (
    scope {id} not null,
    request_key {id} not null,
    request_hash text not null,
    begun_at {int} not null,
    status {int} not null,
    body text not null,
    primary key (scope, request_key)
) {keyed};
create index request_answer_age on request_answer (begun_at);

-- Money -----------------------------------------------------------------------------------------

create table txn (
    id {id} primary key,
    version {int} not null,
    organization_id {id} not null,
    location_id {id} not null,
    account_id {id} not null,
    method text not null,
    amount {int} not null,
    state text not null,
    is_unfinished {int} not null,
    reason text not null,
    charge_id text not null,
    refund_id text not null,
    is_refund_queued {int} not null,
    package_id {id} not null,
    terms text not null,
    session_id {id} not null,
    is_extension {int} not null,
    available {int},
    mac {id} not null,
    ip text,
    router_id {id} not null,
    created_at {int} not null,
    updated_at {int} not null,
    idempotency_key {id} not null,
    request_hash text not null
) {keyed};
create unique index txn_request on txn (account_id, idempotency_key) where idempotency_key <> '';
create index txn_of_account on txn (account_id, created_at);
create index txn_of_location on txn (location_id, created_at);
create index txn_unfinished_device on txn (location_id, mac) where is_unfinished = 1;
create index txn_unfinished_package on txn (location_id, package_id) where is_unfinished = 1;

-- Append only.
create table txn_event (
    id {serial},
    txn_id {id} not null,
    at {int} not null,
    state_before text not null,
    state_after text not null,
    actor text not null,
    why text not null
) {rows};
create index txn_event_of on txn_event (txn_id);

create table refund_queue (
    txn_id {id} primary key,
    why text not null,
    since {int} not null
) {keyed};

-- Sessions: open ones apart from history --------------------------------------------------------

create table open_session (
    id {id} primary key,
    version {int} not null,
    transaction_id {id} not null,
    account_id {id} not null,
    organization_id {id} not null,
    location_id {id} not null,
    package_id {id} not null,
    terms text not null,
    state text not null,
    reason text not null,
    user_name {id} not null,
    password_sealed text not null,
    created_at {int} not null,
    started_at {int},
    ends_at {int},
    remaining {int} not null,
    ended_at {int}
) {keyed};
create index open_session_of_account on open_session (account_id);
create index open_session_of_package on open_session (location_id, package_id);

create table open_session_device (
    session_id {id} not null,
    mac {id} not null,
    location_id {id} not null,
    router_id {id} not null,
    ip text,
    added_at {int} not null,
    primary key (session_id, mac)
) {keyed};
create index open_session_device_at on open_session_device (location_id, mac);
create index open_session_device_router on open_session_device (router_id);

create table session_history (
    id {id} primary key,
    version {int} not null,
    transaction_id {id} not null,
    account_id {id} not null,
    organization_id {id} not null,
    location_id {id} not null,
    package_id {id} not null,
    terms text not null,
    state text not null,
    reason text not null,
    user_name {id} not null,
    password_sealed text not null,
    created_at {int} not null,
    started_at {int},
    ends_at {int},
    remaining {int} not null,
    ended_at {int}
) {keyed};
create index session_history_of_account on session_history (account_id, ended_at);
create index session_history_of_location on session_history (location_id, ended_at);

create table session_history_device (
    session_id {id} not null,
    mac {id} not null,
    location_id {id} not null,
    router_id {id} not null,
    ip text,
    added_at {int} not null,
    primary key (session_id, mac)
) {keyed};

-- Network sessions as the routers report them; `session_id` is '' when the router echoed no Class.
-- `turn` counts the uses of one Acct-Session-Id.
create table open_network_session (
    router_id {id} not null,
    acct_session_id {id} not null,
    session_id {id} not null,
    turn {int} not null,
    location_id {id} not null,
    user_name text not null,
    mac {id} not null,
    ip text,
    started_at {int} not null,
    last_seen_at {int} not null,
    session_time {int} not null,
    up_octets {int} not null,
    down_octets {int} not null,
    primary key (router_id, acct_session_id, session_id)
) {keyed};
create index open_network_session_of on open_network_session (session_id);

create table network_session_history (
    router_id {id} not null,
    acct_session_id {id} not null,
    session_id {id} not null,
    turn {int} not null,
    location_id {id} not null,
    user_name text not null,
    mac {id} not null,
    ip text,
    started_at {int} not null,
    last_seen_at {int} not null,
    session_time {int} not null,
    up_octets {int} not null,
    down_octets {int} not null,
    stopped_at {int} not null,
    terminate_cause {int} not null,
    is_orphan {int} not null,
    primary key (router_id, acct_session_id, session_id, turn)
) {keyed};
create index network_session_history_of on network_session_history (session_id);

-- Jobs and traces -------------------------------------------------------------------------------

create table job (
    id {id} primary key,
    kind text not null,
    subject {id} not null,
    target text not null,
    detail text not null,
    due_at {int} not null,
    lease_until {int} not null,
    leased_by text not null,
    attempt {int} not null
) {keyed};
create index job_due on job (due_at);

create table trace_step (
    id {serial},
    trace {id} not null,
    at {int} not null,
    kind text not null,
    sender text not null,
    receiver text not null,
    message text not null,
    took_us {int},
    target_ms {int}
) {rows};
create index trace_step_of on trace_step (trace);

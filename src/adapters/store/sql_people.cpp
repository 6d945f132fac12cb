#include "adapters/store/sql_people.hpp"

#include "adapters/store/sql_catalog_rows.hpp"
#include "adapters/store/sql_jobs.hpp"
#include "adapters/store/sql_payment_windows.hpp"
#include "core/folding.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace iwas::adapters {

namespace {

using domain::Account;
using domain::Visit;
using ports::RequestError;
using ports::RequestState;

// Beyond the moment that the caller names.
constexpr std::chrono::days pc_event_memory{7};
constexpr std::chrono::days trace_memory{30};
constexpr std::chrono::days notice_memory{400};
constexpr std::chrono::days payment_window_memory{1};

std::optional<Account> read_account(
    Connection& db, std::string_view condition, std::initializer_list<Param> params)
{
    std::optional<Account> found;
    db.one(
        "select id, location_id, member_id, user_name, display_name, last_sign_in, at_pc_since, "
        "pc_session_id from account " +
            std::string{condition},
        "tttttiit", params, [&](Row& row) {
            Account account;
            account.id = row.id<domain::AccountId>();
            account.location = row.key<domain::LocationId>();
            account.member_id = row.text();
            account.user_name = row.text();
            account.display_name = row.text();
            account.last_sign_in = row.time();
            account.at_pc_since = row.maybe_time();
            account.pc_session_id = row.text();
            found = std::move(account);
        });
    return found;
}

std::string place_of_answer(const std::string& scope, const std::string& key)
{
    return sealed_place("request_answer.body_sealed", scope + "/" + key);
}

/// Octets of the router's choice, which need not be text.
std::string octets_of(Row& row)
{
    const auto bytes = from_hex(row.text());
    if (!bytes) damaged("hexadecimal octets are not");
    return std::string{as_text(*bytes)};
}

} // namespace

Account keep_account(Connection& db, const Account& account)
{
    // Of two writers at once the newer sign-in and the newer start at a PC win, each for itself.
    db.run(
        "insert into account (id, location_id, member_id, user_name, folded_name, display_name, "
        "last_sign_in, at_pc_since, pc_session_id) values (:id, :location, :member, :user_name, "
        ":folded_name, :display_name, :last_sign_in, :at_pc_since, :pc_session_id) "
        "on conflict (location_id, member_id) do update set user_name = excluded.user_name, "
        "folded_name = excluded.folded_name, display_name = excluded.display_name, "
        "last_sign_in = case when excluded.last_sign_in > account.last_sign_in "
        "then excluded.last_sign_in else account.last_sign_in end, "
        "at_pc_since = case when account.at_pc_since is null "
        "or excluded.at_pc_since > account.at_pc_since "
        "then excluded.at_pc_since else account.at_pc_since end, "
        "pc_session_id = case when account.at_pc_since is null "
        "or excluded.at_pc_since >= account.at_pc_since "
        "then excluded.pc_session_id else account.pc_session_id end",
        {account.id, account.location, account.member_id, account.user_name,
         folded_name(account.user_name), account.display_name, account.last_sign_in,
         account.at_pc_since, account.pc_session_id});
    auto kept = account_of_member(db, account.location, account.member_id);
    if (!kept) damaged("an account is missing that was just kept");
    return std::move(*kept);
}

std::optional<Account> load_account(Connection& db, domain::AccountId id)
{
    return read_account(db, "where id = :id", {id});
}

std::optional<Account> account_of_member(
    Connection& db, const domain::LocationId& location, const std::string& member_id)
{
    return read_account(
        db, "where location_id = :location and member_id = :member", {location, member_id});
}

std::optional<Account> account_of_user_name(
    Connection& db, const domain::LocationId& location, const std::string& user_name)
{
    const auto exact = read_account(
        db,
        "where location_id = :location and user_name = :name order by last_sign_in desc limit 1",
        {location, user_name});
    if (exact) return exact;
    return read_account(
        db,
        "where location_id = :location and folded_name = :name "
        "order by last_sign_in desc limit 1",
        {location, folded_name(user_name)});
}

void fold_account_names(Connection& db)
{
    constexpr int batch_max = 500;
    for (;;) {
        std::vector<std::pair<std::string, std::string>> unfolded;
        db.each(
            "select id, user_name from account where folded_name is null order by id limit :limit",
            "tt", {batch_max}, [&](Row& row) {
                std::string id = row.text();
                unfolded.emplace_back(std::move(id), row.text());
            });
        if (unfolded.empty()) return;
        db.begin_write();
        for (const auto& [id, name] : unfolded)
            db.run(
                "update account set folded_name = :folded where id = :id and user_name = :name",
                {folded_name(name), id, name});
        db.commit();
    }
}

void keep_visit(Connection& db, const Visit& visit)
{
    db.run(
        "insert into visit (id, location_id, router_id, mac, ip, login_url, chap_id, "
        "chap_challenge, return_url, created_at, account_id, signed_in_until, proven_id, "
        "proven_until) "
        "values (:id, :location, :router, :mac, :ip, :login_url, :chap_id, :chap_challenge, "
        ":return_url, :created_at, :account, :signed_in_until, :proven, :proven_until) "
        "on conflict (id) do update set location_id = excluded.location_id, "
        "router_id = excluded.router_id, mac = excluded.mac, ip = excluded.ip, "
        "login_url = excluded.login_url, chap_id = excluded.chap_id, "
        "chap_challenge = excluded.chap_challenge, return_url = excluded.return_url, "
        "created_at = excluded.created_at, account_id = excluded.account_id, "
        "signed_in_until = excluded.signed_in_until, proven_id = excluded.proven_id, "
        "proven_until = excluded.proven_until",
        {visit.id, visit.location, visit.router, visit.mac, visit.ip, visit.login_url,
         to_hex(as_bytes(visit.chap_id)), to_hex(as_bytes(visit.chap_challenge)), visit.return_url,
         visit.created_at, visit.account, visit.signed_in_until, visit.proven, visit.proven_until});
    if (!visit.account || visit.mac == MacAddress{}) return;
    // Somebody else who names the device while it is in use is not who used it last.
    const bool is_used_by_another = db.exists(
        "select 1 from open_session_device join open_session on open_session.id = session_id "
        "where open_session_device.location_id = :location and mac = :mac "
        "and state <> 'paused' and account_id <> :account limit 1",
        {visit.location, visit.mac, *visit.account});
    // The sign-in is as old as its visit at most; that is exact enough for a greeting.
    if (!is_used_by_another)
        note_device_account(db, visit.location, visit.mac, *visit.account, visit.created_at);
}

std::optional<Visit> load_visit(Connection& db, domain::VisitId id)
{
    std::optional<Visit> found;
    db.one(
        "select location_id, router_id, mac, ip, login_url, chap_id, chap_challenge, return_url, "
        "created_at, account_id, signed_in_until, proven_id, proven_until from visit where id = "
        ":id",
        "ttttttttititi", {id}, [&](Row& row) {
            Visit visit;
            visit.id = id;
            visit.location = row.key<domain::LocationId>();
            visit.router = row.key<domain::RouterId>();
            visit.mac = row.mac();
            visit.ip = row.maybe_ip();
            visit.login_url = row.text();
            visit.chap_id = octets_of(row);
            visit.chap_challenge = octets_of(row);
            visit.return_url = row.text();
            visit.created_at = row.time();
            if (const auto account = row.maybe_text())
                visit.account = domain::AccountId::parse(*account);
            visit.signed_in_until = row.maybe_time();
            if (const auto proven = row.maybe_text())
                visit.proven = domain::AccountId::parse(*proven);
            visit.proven_until = row.maybe_time();
            found = std::move(visit);
        });
    return found;
}

void note_device_account(
    Connection& db, const domain::LocationId& location, const MacAddress& mac,
    domain::AccountId account, UtcTime at)
{
    db.run(
        "insert into device_account (location_id, mac, account_id, at) "
        "values (:location, :mac, :account, :at) on conflict (location_id, mac) "
        "do update set account_id = excluded.account_id, at = excluded.at "
        "where device_account.at <= excluded.at",
        {location, mac, account, at});
}

std::optional<Account> last_account_of_device(
    Connection& db, const domain::LocationId& location, const MacAddress& mac)
{
    return read_account(
        db,
        "where id = (select account_id from device_account where location_id = :location "
        "and mac = :mac)",
        {location, mac});
}

bool keep_pc_event(
    Connection& db, const domain::LocationId& location, const std::string& event_id,
    const ports::Job& job, const std::string& node)
{
    const auto kept = db.run(
        "insert into pc_event (location_id, event_id, kept_at) "
        "values (:location, :event, :kept_at) on conflict (location_id, event_id) do nothing",
        {location, event_id, job.due_at});
    if (kept == 0) return false;
    keep_job(db, job, node);
    return true;
}

Result<RequestState, RequestError> begin_request(
    Connection& db, const KeyRing& keys, const std::string& scope, const std::string& key,
    const Sha256Digest& hash, UtcTime now)
{
    const std::string hash_text = to_hex(hash);
    const auto claimed = db.run(
        "insert into request_answer (scope, request_key, request_hash, begun_at, status, "
        "body_sealed) "
        "values (:scope, :key, :hash, :now, 0, '') on conflict (scope, request_key) do nothing",
        {scope, key, hash_text, now});
    if (claimed == 1) return RequestState{};

    std::string known_hash;
    UtcTime begun_at;
    std::string sealed;
    ports::StoredAnswer answer;
    db.one(
        "select request_hash, begun_at, status, body_sealed from request_answer where scope = "
        ":scope "
        "and request_key = :key",
        "tiit", {scope, key}, [&](Row& row) {
            known_hash = row.text();
            begun_at = row.time();
            answer.status = static_cast<int>(row.integer());
            sealed = row.text();
        });
    if (known_hash != hash_text) return std::unexpected(RequestError::key_reused);
    if (answer.status != 0) {
        const auto body = keys.open(sealed, place_of_answer(scope, key));
        if (!body) damaged("answer to a request: no key opens it");
        answer.body = body->reveal();
        return RequestState{std::move(answer)};
    }
    const auto taken_over = db.run(
        "update request_answer set begun_at = :now where scope = :scope and request_key = :key "
        "and status = 0 and begun_at < :given_up",
        {now, scope, key, now - request_lifetime});
    if (taken_over == 0) return std::unexpected(RequestError::in_progress);
    return RequestState{};
}

void finish_request(
    Connection& db, const KeyRing& keys, const std::string& scope, const std::string& key,
    const ports::StoredAnswer& answer)
{
    const SecretText body{answer.body};
    db.run(
        "update request_answer set status = :status, body_sealed = :body where scope = :scope "
        "and request_key = :key and status = 0",
        {answer.status, keys.seal(body, place_of_answer(scope, key)), scope, key});
}

int forget_old(Connection& db, UtcTime before, int limit)
{
    std::int64_t forgotten = db.run(
        "delete from visit where id in (select id from visit where created_at < :before "
        "and (signed_in_until is null or signed_in_until < :still) limit :limit)",
        {before, before, limit});
    const auto left = [&] { return std::max<std::int64_t>(0, limit - forgotten); };
    forgotten += db.run(
        "delete from request_answer where (scope, request_key) in "
        "(select scope, request_key from request_answer where begun_at < :before limit :limit)",
        {before, left()});
    forgotten += db.run(
        "delete from pc_event where (location_id, event_id) in "
        "(select location_id, event_id from pc_event where kept_at < :before limit :limit)",
        {before - pc_event_memory, left()});
    // Steps are numbered as they come, so the oldest are found without an index on the time.
    forgotten += db.run(
        "delete from trace_step where id in (select id from "
        "(select id, at from trace_step order by id limit :limit) as oldest where at < :before)",
        {left(), before - trace_memory});
    forgotten += db.run(
        "delete from payment_notice where id in (select id from "
        "(select id, at from payment_notice order by id limit :limit) as oldest "
        "where at < :before)",
        {left(), before - notice_memory});
    forgotten += forget_payment_windows(db, before - payment_window_memory, left());
    return static_cast<int>(forgotten);
}

} // namespace iwas::adapters

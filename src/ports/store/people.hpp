// People: accounts, visits to the portal, PC events and answers to repeated requests.
#pragma once

#include "core/digest.hpp"
#include "domain/account.hpp"
#include "ports/store/jobs.hpp"

#include <optional>
#include <string>
#include <variant>

namespace iwas::ports {

/// The first answer to a state-changing request, kept for its repetitions.
struct StoredAnswer {
    int status = 0;
    std::string body;
};
/// What `begin_request` found. `monostate`: the key is new, go on.
using RequestState = std::variant<std::monostate, StoredAnswer>;
enum class RequestError {
    key_reused,  // the same key came before with another request
    in_progress, // the first request with this key has no answer yet
    unavailable,
};

class People {
public:
    virtual ~People() = default;

    /// The account of the member, created or brought up to date.
    virtual awaitable<Result<domain::Account, StoreError>> keep_account(
        domain::Account account) = 0;
    virtual awaitable<Result<std::optional<domain::Account>, StoreError>> load_account(
        domain::AccountId id) = 0;
    virtual awaitable<Result<std::optional<domain::Account>, StoreError>> account_of_member(
        domain::LocationId location, std::string member_id) = 0;
    /// The same by the user name, whatever its case; of several, who signed in last.
    virtual awaitable<Result<std::optional<domain::Account>, StoreError>> account_of_user_name(
        domain::LocationId location, std::string user_name) = 0;

    /// Inserts the visit or replaces it.
    virtual awaitable<Result<void, StoreError>> keep_visit(domain::Visit visit) = 0;
    virtual awaitable<Result<std::optional<domain::Visit>, StoreError>> load_visit(
        domain::VisitId id) = 0;
    /// The account that last bought or signed in with the device here: a hint for greeting, no
    /// proof of anything.
    virtual awaitable<Result<std::optional<domain::Account>, StoreError>> last_account_of_device(
        domain::LocationId location, MacAddress mac) = 0;

    /// Keeps an event of the café and the job that handles it, once. False: it was known.
    /// Events are remembered for 7 days.
    virtual awaitable<Result<bool, StoreError>> keep_pc_event(
        domain::LocationId location, std::string event_id, Job job) = 0;

    /// Claims the idempotency key for `scope` (the visit) and `request_hash`.
    virtual awaitable<Result<RequestState, RequestError>> begin_request(
        std::string scope, std::string key, Sha256Digest request_hash, UtcTime now) = 0;
    virtual awaitable<Result<void, StoreError>> finish_request(
        std::string scope, std::string key, StoredAnswer answer) = 0;

    /// Deletes visits, answers, event ids and traces that nobody can need any more.
    virtual awaitable<Result<int, StoreError>> forget_old(UtcTime before, int limit) = 0;
};

} // namespace iwas::ports

// LogIn: a customer proves to the portal that he owns a PC-café account.
#pragma once

#include "domain/account.hpp"
#include "workflows/outside.hpp"
#include "workflows/try_counters.hpp"

#include <string>

namespace iwas::workflows {

class RunTrace;

enum class LogInError {
    invalid_credentials,
    account_suspended,
    rate_limited, // `retry_after` says when
    pc_system_unavailable,
    try_later, // the store did not answer; nothing changed
};

struct LogInFailure {
    LogInError error = LogInError::try_later;
    Seconds retry_after{0};
};

struct LogInRequest {
    domain::Visit visit;
    std::string user_name;
    SecretText password;
    /// From where the connection came; of IPv6 the /64. All of a branch behind one address
    /// translation share it. Empty: not known.
    std::string peer_address;
};

struct SignedIn {
    domain::Account account;
    domain::Visit visit; // a new one of the same device, which carries the account
};

/// At most `tries_max` refused tries in the window, for each account, each device and each address.
/// Device and address are what the browser claims, so they only hold who does not lie; the
/// account's counter, and the looser one of the connection, hold everybody (docs/decisions/0003).
struct LogInLimits {
    int tries_max = 3;
    /// For each address that connections come from, whatever they claim: as many wrong passwords as
    /// a branch behind one address may type.
    int peer_tries_max = 60;
    Seconds window = 5min;
    Seconds signed_in_for = 12h;
    Seconds proven_for = 5min;
    Seconds guest_known_for = 24h;
    /// Of each kind. When it is reached, the oldest device, address or peer is forgotten, but never
    /// an account: names that were not tried yet wait until a window ends.
    std::size_t counters_max = 100'000;
};

class LogIn {
public:
    explicit LogIn(Outside outside, LogInLimits limits = {});

    /// Asks the PC system at most once. The password is kept nowhere. The request's visit stays,
    /// signed out.
    awaitable<Result<SignedIn, LogInFailure>> run(LogInRequest request);
    /// For somebody who has no account at the café: the guest who last used the device here, if
    /// that was within `guest_known_for`, so that a browser that forgot everything loses him
    /// nothing; else a new one. While the device has a guest's session it is that guest, no matter
    /// how long ago; while it is online, only on a connection from the address that the router
    /// reported for it, `peer_address`. The visit stays, signed out.
    awaitable<Result<SignedIn, LogInFailure>> as_guest(
        domain::Visit visit, std::string peer_address);
    /// The same person types his password once more; counted as a sign-in is. The visit then
    /// carries the proof. invalid_credentials also where the password is of another member.
    awaitable<Result<domain::Visit, LogInFailure>> prove(
        LogInRequest request, domain::Account account);
    /// Forgets the account in this visit.
    awaitable<Result<domain::Visit, ports::StoreError>> sign_out(domain::Visit visit);

private:
    /// One try, as each table of counters knows it. An empty key is not counted.
    struct Try {
        std::string account;
        std::string device;
        std::string address;
        std::string peer;
    };

    /// Asks the PC system once, within what the counters allow.
    awaitable<Result<ports::PcMember, LogInFailure>> verify(LogInRequest request, RunTrace& trace);
    awaitable<Result<SignedIn, LogInFailure>> remember(domain::Visit before, domain::Account seen);
    /// Nothing: he is new here, or it cannot be told that it is he.
    awaitable<Result<std::optional<domain::Account>, ports::StoreError>> known_guest(
        domain::Visit visit, std::string peer_address);
    [[nodiscard]] Try try_of(const LogInRequest& request) const;
    [[nodiscard]] std::optional<Seconds> blocked_for(const Try& tried);
    void count(const Try& tried);
    void forget(const Try& tried);

    Outside outside_;
    LogInLimits limits_;
    TryCounters accounts_;
    TryCounters sources_; // devices and addresses
    TryCounters peers_;
};

} // namespace iwas::workflows

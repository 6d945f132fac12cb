// LogIn: a customer proves to the portal that he owns a PC-café account.
#pragma once

#include "domain/account.hpp"
#include "workflows/outside.hpp"

#include <map>
#include <string>

namespace iwas::workflows {

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
    std::string peer_address; // of the connection; stands in where the visit has no address
};

struct SignedIn {
    domain::Account account;
    domain::Visit visit; // a new one of the same device, which carries the account
};

/// At most this many tries in the window, for each account, each device and each address.
struct LogInLimits {
    int tries_max = 3;
    Seconds window = 5min;
    Seconds signed_in_for = 12h;
    std::size_t counters_max = 100'000;
};

class LogIn {
public:
    explicit LogIn(Outside outside, LogInLimits limits = {});

    /// Asks the PC system at most once. The password is kept nowhere. The request's visit stays,
    /// signed out.
    awaitable<Result<SignedIn, LogInFailure>> run(LogInRequest request);
    /// Forgets the account in this visit.
    awaitable<Result<domain::Visit, ports::StoreError>> sign_out(domain::Visit visit);

private:
    struct Counter {
        int tries = 0;
        SteadyTime window_ends;
    };

    [[nodiscard]] std::optional<Seconds> blocked_for(const std::vector<std::string>& keys);
    void count_try(const std::vector<std::string>& keys);
    void forget_try(const std::vector<std::string>& keys);

    Outside outside_;
    LogInLimits limits_;
    std::map<std::string, Counter> counters_;
};

} // namespace iwas::workflows

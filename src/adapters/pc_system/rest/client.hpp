// RestPcSystem: ports::PcSystem over HTTP, for every location that has a PC system.
#pragma once

#include "adapters/http/client.hpp"
#include "adapters/pc_system/rest/mapping.hpp"
#include "asio/turns.hpp"
#include "core/backoff.hpp"
#include "core/circuit_breaker.hpp"
#include "ports/pc_system.hpp"
#include "ports/random.hpp"
#include "ports/store/catalog_store.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace iwas::adapters {

struct RestPcSystemOptions {
    /// One attempt, and how many follow the first with the same key.
    Milliseconds attempt_timeout{5'000};
    unsigned retries_max = 3;
    BackoffPolicy backoff = {}; // 0.5, 1, 2 s ± 20 %
    CircuitBreaker::Limits breaker = {};
    /// Where PC systems may live beside public addresses (tunnels, this machine).
    http::AddressPolicy addresses = {};
};

/// Use on the I/O thread only. Money calls of one member run one after the other; refunds, whose
/// order names no member, one after the other per charge.
class RestPcSystem final : public ports::PcSystem {
public:
    /// All of it outlives the adapter.
    RestPcSystem(
        const ports::CatalogView& catalog, http::Caller& caller, ports::Clock& clock,
        ports::Random& random, RestPcSystemOptions options = {});

    ports::awaitable<PcAnswer<ports::PcMember>> verify(
        domain::LocationId location, std::string user_name, SecretText password,
        std::optional<MacAddress> device, SteadyTime deadline) override;

    ports::awaitable<PcAnswer<Money>> balance(
        domain::LocationId location, std::string member_id, SteadyTime deadline) override;

    /// Repeats with the same key while the outcome is open, then looks the reference up. Unknown
    /// only when neither told.
    ports::awaitable<PcAnswer<ports::PcCharge>> charge(
        domain::LocationId location, ports::PcChargeOrder order, SteadyTime deadline) override;

    ports::awaitable<PcAnswer<ports::PcCharge>> find_charge(
        domain::LocationId location, std::string reference, SteadyTime deadline) override;

    ports::awaitable<PcAnswer<std::string>> refund(
        domain::LocationId location, ports::PcRefundOrder order, SteadyTime deadline) override;

    ports::awaitable<PcAnswer<std::vector<ports::PcSession>>> active_sessions(
        domain::LocationId location, SteadyTime deadline) override;

    [[nodiscard]] ports::PcAbilities abilities(const domain::LocationId& location) const override;

    ports::awaitable<PcAnswer<ports::PcCapabilities>> capabilities(
        domain::LocationId location, SteadyTime deadline) override;

    /// For the health view.
    [[nodiscard]] CircuitBreaker::State breaker_state(const domain::LocationId& location) const;
    [[nodiscard]] std::uint64_t attempts() const { return attempts_; }

private:
    /// Where one call goes, read from the catalog when it begins.
    struct Site {
        domain::LocationId location;
        const Mapping* mapping = nullptr;
        http::Peer peer;
        SecretText branch_key;
    };
    /// The last answer, and whether some attempt may have been carried out unseen.
    template <class T>
    struct Outcome {
        PcAnswer<T> answer;
        bool is_open = false;
    };
    template <class T>
    using Reader = std::function<PcAnswer<T>(const http::InboundResponse&)>;
    using Maker = std::function<http::OutboundRequest()>;

    [[nodiscard]] std::optional<Site> site_of(const domain::LocationId& location) const;
    CircuitBreaker& breaker_of(const domain::LocationId& location);
    ports::awaitable<Result<http::InboundResponse, http::ClientError>> attempt(
        Site site, http::OutboundRequest request, SteadyTime deadline);
    template <class T>
    ports::awaitable<Outcome<T>> repeat(
        Site site, Maker make, Reader<T> read, unsigned retries_max, SteadyTime deadline);
    template <class T>
    ports::awaitable<PcAnswer<T>> ask(
        domain::LocationId location,
        std::function<std::optional<http::OutboundRequest>(const Mapping&)> make,
        std::function<PcAnswer<T>(const Mapping&, const http::InboundResponse&)> read,
        SteadyTime deadline);
    ports::awaitable<Turns::Turn> money_turn(std::string key, SteadyTime deadline);
    ports::awaitable<PcAnswer<std::string>> settle_refund(
        domain::LocationId location, ports::PcRefundOrder order, ports::PcFailure failure,
        SteadyTime deadline);

    const ports::CatalogView& catalog_;
    http::Caller& caller_;
    ports::Clock& clock_;
    ports::Random& random_;
    RestPcSystemOptions options_;
    std::map<domain::LocationId, CircuitBreaker> breakers_;
    Turns money_turns_;
    std::uint64_t attempts_ = 0;
};

} // namespace iwas::adapters

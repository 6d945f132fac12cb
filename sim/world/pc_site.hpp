// PcSite: the café's PC system and the line to it. It lives on when IWAS dies, and what was sent
// before still arrives.
#pragma once

#include "ports/pc_system.hpp"
#include "sim/pc_system/model.hpp"
#include "sim/world/border.hpp"

#include <map>
#include <set>

namespace iwas::sim {

/// What happens to one request on its way.
enum class PcTrouble {
    none,
    request_lost,
    request_late, // arrives after minutes, when nobody waits any more
    answer_lost,  // done, and nobody hears of it
    error_before, // 503, nothing was done
    error_after,  // 500, but it was done
    refused,      // a clear no for which there is no better word
};

/// Where somebody falsified the PC system's book, so that it and the ledger cannot agree.
struct SpoiledDebits {
    std::set<std::string> references;
    std::int64_t net = 0; // so much more is charged and not given back than was
};

class PcSite {
public:
    explicit PcSite(Nature& nature);

    PcSystemModel model;
    SpoiledDebits spoiled;
    bool is_down = false;
    /// What the PC system can do; one of the legacy profile can neither look up nor refund again.
    ports::PcAbilities abilities;
    /// Trouble that every request to this call meets ("charge", "find_charge", "refund", ...).
    std::map<std::string, PcTrouble, std::less<>> forced;
    /// How long a late request wanders.
    Seconds late_by_min{30};
    Seconds late_by_max{1200};

    /// Refunds that reached a PC system which cannot tell a repetition from a second refund.
    [[nodiscard]] bool has_repeated_refund() const { return has_repeated_refund_; }
    /// Requests that may still arrive.
    [[nodiscard]] int under_way() const { return under_way_; }

    /// What the PC system answers to each request, once it has arrived.
    Result<ports::PcMember, ports::PcFailure> verify(
        const std::string& user_name, const SecretText& password);
    Result<Money, ports::PcFailure> balance(const std::string& member_id);
    Result<ports::PcCharge, ports::PcFailure> charge(const ports::PcChargeOrder& order);
    Result<ports::PcCharge, ports::PcFailure> find_charge(const std::string& reference);
    Result<std::string, ports::PcFailure> refund(const ports::PcRefundOrder& order);
    std::vector<ports::PcSession> sessions() const;

    /// Sends one request, which runs `work` when it arrives. Nothing when no usable answer came
    /// within `timeout`.
    template <class T>
    awaitable<std::optional<Result<T, ports::PcFailure>>> send(
        std::string_view call, std::function<Result<T, ports::PcFailure>()> work,
        Milliseconds timeout);

private:
    PcTrouble trouble_of(std::string_view call);

    Nature& nature_;
    int under_way_ = 0;
    std::set<std::string> refunds_asked_; // by key
    bool has_repeated_refund_ = false;
};

template <class T>
awaitable<std::optional<Result<T, ports::PcFailure>>> PcSite::send(
    std::string_view call, std::function<Result<T, ports::PcFailure>()> work, Milliseconds timeout)
{
    using Answer = Result<T, ports::PcFailure>;
    const auto failed = [](ports::PcError error) {
        return std::optional<Answer>{std::unexpected{ports::PcFailure{error, {}, {}}}};
    };
    if (is_down) co_return failed(ports::PcError::unavailable);

    SimRandom& random = nature_.random;
    const PcTrouble trouble = trouble_of(call);
    const auto box = std::make_shared<Mailbox<Answer>>(nature_.clock.executor());
    auto arrive = [this, work = std::move(work), box, trouble] {
        --under_way_;
        if (is_down) return;
        const auto answer_after = [this, box](Answer answer) {
            const auto wait = nature_.random.between(Milliseconds{1}, Milliseconds{80});
            nature_.clock.after(wait, [box, answer] { box->put(answer); });
        };
        switch (trouble) {
        case PcTrouble::error_before:
            answer_after(std::unexpected{ports::PcFailure{ports::PcError::unavailable, {}, {}}});
            return;
        case PcTrouble::refused:
            answer_after(std::unexpected{ports::PcFailure{ports::PcError::refused, {}, {}}});
            return;
        case PcTrouble::answer_lost: (void)work(); return;
        case PcTrouble::error_after:
            (void)work();
            answer_after(std::unexpected{ports::PcFailure{ports::PcError::unknown, {}, {}}});
            return;
        case PcTrouble::none:
        case PcTrouble::request_late: answer_after(work()); return;
        case PcTrouble::request_lost: return;
        }
    };
    if (trouble != PcTrouble::request_lost) {
        Milliseconds way = random.between(Milliseconds{1}, Milliseconds{80});
        if (trouble == PcTrouble::request_late) way = random.between(late_by_min, late_by_max);
        ++under_way_;
        nature_.clock.after(way, arrive);
        const bool is_repeatable = abilities.repeats_refunds || call != "refund";
        if (is_repeatable && random.chance(nature_.faults.pc_request_twice)) {
            ++under_way_;
            nature_.clock.after(way + random.between(Milliseconds{1}, Milliseconds{9000}), arrive);
        }
    }
    const SteadyTime until = nature_.clock.steady_now() + timeout;
    co_return co_await Mailbox<Answer>::take(box, nature_.clock, until);
}

/// The PC system as one life of IWAS sees it: five seconds a try, three tries with the same key.
class SimPcSystem final : public ports::PcSystem {
public:
    SimPcSystem(PcSite& site, Border border) : site_{site}, border_{std::move(border)} {}

    template <class T>
    using Answer = awaitable<Result<T, ports::PcFailure>>;

    [[nodiscard]] ports::PcAbilities abilities(const domain::LocationId&) const override
    {
        return site_.abilities;
    }
    Answer<ports::PcMember> verify(
        domain::LocationId location, std::string user_name, SecretText password,
        std::optional<MacAddress> device, SteadyTime deadline) override;
    Answer<Money> balance(
        domain::LocationId location, std::string member_id, SteadyTime deadline) override;
    Answer<ports::PcCharge> charge(
        domain::LocationId location, ports::PcChargeOrder order, SteadyTime deadline) override;
    Answer<ports::PcCharge> find_charge(
        domain::LocationId location, std::string reference, SteadyTime deadline) override;
    Answer<std::string> refund(
        domain::LocationId location, ports::PcRefundOrder order, SteadyTime deadline) override;
    Answer<ports::PcCapabilities> capabilities(
        domain::LocationId location, SteadyTime deadline) override;
    Answer<std::vector<ports::PcSession>> active_sessions(
        domain::LocationId location, SteadyTime deadline) override;

private:
    template <class T>
    Answer<T> ask(
        std::string_view call, std::function<Result<T, ports::PcFailure>()> work,
        SteadyTime deadline, int tries_max = 3);

    PcSite& site_;
    Border border_;
};

} // namespace iwas::sim

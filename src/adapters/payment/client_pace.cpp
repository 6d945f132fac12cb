// When a gateway may be called: no faster than it allows, and not while it asks for silence.
#include "adapters/payment/client.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>

namespace iwas::adapters {

using ports::awaitable;

/// Waits until the address may be called again. False: that would be after the deadline.
awaitable<bool> GatewayClient::wait_for_turn(Call call, std::string base_url, Milliseconds spacing)
{
    std::optional<SteadyTime> turn;
    while (true) {
        const SteadyTime now = clock_.steady_now();
        Address& address = address_of(call.account, base_url);
        if (!turn || *turn < address.quiet_until) { // also when it was told while this one waited
            turn = std::max({now, address.quiet_until, address.next_call});
            if (*turn >= call.deadline) co_return false;
            address.next_call = *turn + spacing;
        }
        if (*turn <= now) co_return true;
        const SteadyTime until = *turn;
        co_await clock_.sleep_until(until);
    }
}

/// Who says that he is asked too often is left alone for as long as he says.
void GatewayClient::note_refusal(
    const Call& call, const std::string& url, const http::InboundResponse& from)
{
    if (from.status != 429 && from.status != 503) return;
    constexpr Seconds unsaid = 5s;
    constexpr Seconds said_max = 10min;
    std::string_view said = from.headers.value("x-sepay-userapi-retry-after");
    if (said.empty()) said = from.headers.value("Retry-After");
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), seconds);
    const bool is_said = error == std::errc{} && end == said.data() + said.size() && seconds >= 0;
    if (!is_said && from.status == 503) return;
    const Seconds quiet = is_said ? std::min(Seconds{seconds}, said_max) : unsaid;
    address_of(call.account, url).quiet_until = clock_.steady_now() + quiet;
    spdlog::warn(
        "event=gateway_asked_too_often account={} operation={} seconds={}", call.account.text(),
        call.operation, quiet.count());
}

} // namespace iwas::adapters

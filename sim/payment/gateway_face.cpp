#include "sim/payment/gateway_face.hpp"

#include <algorithm>

namespace iwas::sim {

std::optional<PayerAct> parse_payer_act(std::string_view text)
{
    if (text == "pay") return PayerAct::pay;
    if (text == "refuse") return PayerAct::refuse;
    if (text == "leave") return PayerAct::leave;
    return std::nullopt;
}

GatewayAnswer GatewayFace::answer(const http::Request& request, UtcTime now)
{
    GatewayAnswer answer;
    const std::string& path = request.path;
    answer.is_unreachable = is_down(now);
    if (answer.is_unreachable) return answer;
    settle(now);
    if (!is_call(path)) {
        answer.response = route(request, now);
        return answer;
    }
    delay_ = faults.strikes(GatewayFault::delay, path) ? faults.delay : Milliseconds{0};
    answer.delay = delay_;
    if (faults.strikes(GatewayFault::error_before, path)) {
        answer.response = http::Response::text(500, "internal error\n");
        return answer;
    }
    if (faults.strikes(GatewayFault::crash, path)) {
        crash(now);
        answer.is_dropped = true;
        return answer;
    }
    answer.is_dropped = faults.strikes(GatewayFault::lost_request, path);
    if (answer.is_dropped) return answer;
    if (faults.strikes(GatewayFault::refused, path)) {
        answer.response = refusal(request, now);
        return answer;
    }
    answer.response = route(request, now);
    answer.delay = delay_;
    if (faults.strikes(GatewayFault::error_after, path))
        answer.response = http::Response::text(500, "internal error\n");
    if (faults.strikes(GatewayFault::garbage, path))
        answer.response.body.resize(answer.response.body.size() / 2);
    if (faults.strikes(GatewayFault::huge_body, path)) answer.response.body.append(200'000, ' ');
    answer.is_dropped = faults.strikes(GatewayFault::lost_answer, path);
    return answer;
}

std::vector<Notice> GatewayFace::due_notices(UtcTime now)
{
    if (is_down(now)) return {};
    settle(now);
    std::vector<Notice> due = notices_.take_due(now);
    for (Notice& notice : due)
        seal(notice, now);
    return due;
}

std::optional<UtcTime> GatewayFace::next_wake() const
{
    std::optional<UtcTime> wake = notices_.next_due();
    const std::optional<UtcTime> settlement = next_settlement();
    if (settlement && (!wake || *settlement < *wake)) wake = settlement;
    // A gateway that is down does what was due as soon as it is up again.
    if (wake) wake = std::max(*wake, down_until_);
    return wake;
}

Result<PayResult, std::string> GatewayFace::pay(const PayCommand& command, UtcTime now)
{
    if (is_down(now)) return std::unexpected{"the gateway is down"};
    settle(now);
    return act(command, now);
}

std::optional<http::Response> GatewayFace::control(std::string_view, const http::Request&, UtcTime)
{
    return std::nullopt;
}

void GatewayFace::seal(Notice&, UtcTime) {}

void GatewayFace::crash(UtcTime now)
{
    notices_.clear();
    down_until_ = now + faults.down_for;
}

void GatewayFace::send_notice(std::string_view subject, const std::function<Notice()>& build)
{
    const auto add = [&](Milliseconds later) {
        Notice notice = build();
        notice.subject = subject;
        notice.due += later;
        notices_.add(std::move(notice));
    };
    if (faults.strikes(GatewayFault::notice_lost, subject)) return;
    Milliseconds later{0};
    if (faults.strikes(GatewayFault::notice_delayed, subject)) later = faults.delay;
    add(later);
    if (faults.strikes(GatewayFault::notice_twice, subject)) add(later);
    if (!faults.strikes(GatewayFault::notice_repeated, subject)) return;
    const std::uint64_t more = faults.between(1, 4);
    for (std::uint64_t copy = 1; copy <= more; ++copy)
        add(later + faults.delay * static_cast<int>(copy));
}

void GatewayFace::repeat_notice(Notice notice, UtcTime due)
{
    notice.due = due;
    ++notice.tries;
    notices_.add(std::move(notice));
}

} // namespace iwas::sim

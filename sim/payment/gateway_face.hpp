// GatewayFace: one simulated gateway as HTTP, free of sockets and clocks. The same face answers in
// virtual time (InProcessGateways) and as a server (GatewayServer).
#pragma once

#include "adapters/http/message.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "sim/payment/faults.hpp"
#include "sim/payment/money_book.hpp"
#include "sim/payment/notice.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::sim {

/// An answer and what the network does to it.
struct GatewayAnswer {
    http::Response response;
    /// Sent that much later.
    Milliseconds delay{0};
    /// Never sent: the connection ends.
    bool is_dropped = false;
    /// Nobody listens: not even a connection.
    bool is_unreachable = false;
};

/// What a payer does with an order.
enum class PayerAct : std::uint8_t {
    pay,
    refuse, // presses "Từ chối"
    leave,  // goes back to the merchant without a decision
};
std::optional<PayerAct> parse_payer_act(std::string_view text);

/// What a phone does at the gateway's app or page.
struct PayCommand {
    /// The order as IWAS named it, or what its QR code or link holds; one of both.
    std::string order_id;
    std::string qr_text;
    PayerAct act = PayerAct::pay;
    std::string payer = "khach";
    /// Only where the payer types the amount himself (bank transfers); empty: what is asked for.
    std::optional<Money> amount = {};
    /// Only where the payer may change the text (bank transfers); empty: what is asked for.
    std::string memo = {};
    /// How the gateway shall say that a payment ends, where it can end in more ways than one: one
    /// of its own codes, such as VNPay's "07"; empty: as it goes.
    std::string code = {};
};
struct PayResult {
    /// The gateway's own code, such as MoMo's "0" or "1006".
    std::string code;
    /// Where the browser goes next, signed as the gateway signs it; empty: nowhere.
    std::string redirect_url;
};

/// Requests become answers, payments become notices. Time comes as a parameter, chance from the
/// seed. Subclasses speak one gateway's protocol; faults of requests and notices are here.
class GatewayFace {
public:
    explicit GatewayFace(std::uint64_t seed) : faults{seed} {}
    virtual ~GatewayFace() = default;
    GatewayFace(const GatewayFace&) = delete;
    GatewayFace& operator=(const GatewayFace&) = delete;

    GatewayFaults faults;
    MoneyBook book;
    /// "http://127.0.0.1:9100", before the paths of pages; no '/' at the end.
    std::string public_url = "http://127.0.0.1";

    /// "momo", "zalopay", ...; what /_sim calls it.
    [[nodiscard]] virtual std::string_view name() const = 0;
    /// Whether the path is one of this gateway's.
    [[nodiscard]] virtual bool owns(std::string_view path) const = 0;

    /// Answers a merchant's call or a payer's page, with the faults that strike.
    GatewayAnswer answer(const http::Request& request, UtcTime now);
    /// The notices to send now. Report what became of each with notice_answered.
    std::vector<Notice> due_notices(UtcTime now);
    /// When due_notices has something to do again; nothing when nothing is under way.
    [[nodiscard]] std::optional<UtcTime> next_wake() const;
    /// Repeats the notice, or not, as the gateway's documents say.
    virtual void notice_answered(const Notice& notice, const NoticeAnswer& answer, UtcTime now) = 0;

    /// The payer acts in the app. Error: why he cannot, in words.
    Result<PayResult, std::string> pay(const PayCommand& command, UtcTime now);
    /// A control call of this gateway alone, at /_sim/{what}; nothing when it knows none such.
    virtual std::optional<http::Response> control(
        std::string_view what, const http::Request& request, UtcTime now);
    /// Dies: notices that wait are lost, and nobody answers until `now` + faults.down_for.
    void crash(UtcTime now);
    [[nodiscard]] bool is_down(UtcTime now) const { return now < down_until_; }

protected:
    /// Whether the path is a merchant's call, which faults may strike; else it is a page.
    [[nodiscard]] virtual bool is_call(std::string_view path) const = 0;
    /// Answers without faults of the network.
    virtual http::Response route(const http::Request& request, UtcTime now) = 0;
    /// A clear no for a reason of the gateway's own, in its protocol.
    virtual http::Response refusal(const http::Request& request, UtcTime now) = 0;
    virtual Result<PayResult, std::string> act(const PayCommand& command, UtcTime now) = 0;
    /// Lets what is under way come to its end: late payments, refunds, reversals.
    virtual void settle(UtcTime now) = 0;
    [[nodiscard]] virtual std::optional<UtcTime> next_settlement() const = 0;

    /// The notice goes out now: for signatures that hold the time at which they were made.
    virtual void seal(Notice& notice, UtcTime now);

    /// Queues what `build` makes, with the notice faults that strike: it is called for each copy,
    /// and may write each copy differently. `due` of what it returns is kept but for delays.
    void send_notice(std::string_view subject, const std::function<Notice()>& build);
    /// Queues a repetition after an answer that asks for it.
    void repeat_notice(Notice notice, UtcTime due);
    /// The answer to the request in work goes out only after faults.delay (notice_first).
    void hold_answer() { delay_ = std::max(delay_, faults.delay); }
    /// How long after the request in work its answer goes out: so long it counts as in progress.
    [[nodiscard]] Milliseconds delay_of_answer() const { return delay_; }

private:
    NoticeQueue notices_;
    UtcTime down_until_{};
    Milliseconds delay_{0};
};

} // namespace iwas::sim

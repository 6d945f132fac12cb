// Notices of VNPay, PayOS, SePay and Casso, which anybody may send. Octet 0 chooses the gateway,
// the rest is the query or the body; it is read as it came, where nothing may be believed, and once
// more with a right signature, where what is believed must be whole.
#include "adapters/payment/gateways.hpp"
#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/payos/signature.hpp"
#include "adapters/payment/sorted_json.hpp"
#include "adapters/payment/vnpay/signed_query.hpp"
#include "core/assert.hpp"
#include "core/digest.hpp"
#include "core/utf8.hpp"

#include <boost/json/serialize.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

using namespace iwas;

namespace {

enum class Gateway : std::uint8_t { vnpay, payos, sepay, casso };
constexpr const char* secret = "fuzz-secret";
const UtcTime now = from_unix_ms(1'790'000'000'000);

struct Notice {
    std::string query;
    std::string body;
    std::string header_name;
    std::string header;
    std::string timestamp; // X-SePay-Timestamp
};

domain::PaymentAccount account_of(Gateway gateway)
{
    domain::PaymentAccount account;
    account.merchant = "SHOP0001";
    account.secret_key = SecretText{secret};
    account.bank_account = "0123499999";
    switch (gateway) {
    case Gateway::vnpay: account.method = domain::PaymentMethod::vnpay; return account;
    case Gateway::payos: account.method = domain::PaymentMethod::payos; return account;
    case Gateway::sepay:
    case Gateway::casso: break;
    }
    account.method = domain::PaymentMethod::vietqr;
    domain::BankFeed feed;
    feed.kind =
        gateway == Gateway::sepay ? domain::BankFeedKind::sepay : domain::BankFeedKind::casso;
    feed.webhook_secret = SecretText{secret};
    account.feeds.push_back(feed);
    return account;
}

void check_money(const ports::ReceivedMoney& money)
{
    IWAS_ASSERT(money.amount > Money{0} && !money.gateway_id.empty());
    IWAS_ASSERT(is_utf8(money.gateway_id) && is_utf8(money.memo) && is_utf8(money.payer));
}

Notice unsigned_notice(Gateway gateway, std::string_view input)
{
    Notice notice;
    (gateway == Gateway::vnpay ? notice.query : notice.body) = std::string{input};
    return notice;
}

/// The same, signed as the gateway would; as it was when it cannot be.
Notice signed_notice(Gateway gateway, Notice notice)
{
    using namespace adapters;
    const SecretText key{secret};
    auto object = gateway_json::parse_object(notice.body);
    switch (gateway) {
    case Gateway::vnpay:
        if (const auto fields = vnpay::read_query(notice.query)) {
            const bool is_token = fields->contains("vnp_command");
            notice.query = vnpay::signed_query(
                *fields, is_token ? vnpay::token_hash : vnpay::payment_hash, key);
        }
        break;
    case Gateway::payos: {
        const auto* data = object ? gateway_json::object(*object, "data") : nullptr;
        const auto text = data == nullptr ? std::nullopt : payos::signed_text(*data);
        if (!text) break;
        (*object)["signature"] = payos::hash_of(*text, key);
        notice.body = boost::json::serialize(*object);
        break;
    }
    case Gateway::sepay:
        notice.timestamp = std::to_string(to_unix_ms(now) / 1000);
        notice.header_name = "X-SePay-Signature";
        notice.header = "sha256=" + to_hex(hmac_sha256(
                                        as_bytes(secret), {as_bytes(notice.timestamp),
                                                           as_bytes("."), as_bytes(notice.body)}));
        break;
    case Gateway::casso:
        if (object) {
            const std::string time = std::to_string(to_unix_ms(now));
            const std::string text = sorted_json(*object, JsonDialect::php);
            notice.header_name = "X-Casso-Signature";
            notice.header = "t=" + time + ",v1=" +
                            to_hex(hmac_sha512(
                                as_bytes(secret), {as_bytes(time), as_bytes("."), as_bytes(text)}));
        }
        break;
    }
    return notice;
}

Result<ports::PaymentNotice, ports::NoticeError> read(
    const domain::PaymentAccount& account, const Notice& notice)
{
    return adapters::mapping_for(account.method)
        ->read_notice(
            account, {.query = notice.query,
                      .body = notice.body,
                      .header = [&](std::string_view name) -> std::string_view {
                          if (name == "X-SePay-Timestamp") return notice.timestamp;
                          return name == notice.header_name ? notice.header : std::string_view{};
                      },
                      .now = now});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const auto gateway = static_cast<Gateway>(data[0] % 4);
    const auto account = account_of(gateway);
    const Notice raw =
        unsigned_notice(gateway, {reinterpret_cast<const char*>(data) + 1, size - 1});
    IWAS_ASSERT(!read(account, raw));

    const auto notice = read(account, signed_notice(gateway, raw));
    if (!notice) return 0;
    IWAS_ASSERT(is_utf8(notice->kept_body) && is_utf8(notice->order_id));
    const bool has_money = notice->status.state == ports::PaymentState::paid;
    IWAS_ASSERT(!has_money || !notice->status.received.empty());
    const bool is_unreadable = notice->kind == ports::NoticeKind::unreadable;
    IWAS_ASSERT(!is_unreadable || notice->unread != ports::Unread::nothing);
    IWAS_ASSERT(!is_unreadable || !notice->kept_body.empty());
    IWAS_ASSERT((notice->kind == ports::NoticeKind::transfers) == !notice->transfers.empty());
    for (const auto& transfer : notice->transfers)
        check_money(transfer.money);
    for (const auto& money : notice->status.received) {
        IWAS_ASSERT(notice->kind == ports::NoticeKind::payment);
        check_money(money);
    }
    return 0;
}

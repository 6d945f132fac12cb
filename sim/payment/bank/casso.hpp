// Casso: the simulated Casso. Webhooks of both generations about bank accounts, and the list of
// transactions (developer.casso.vn, "Webhook" and "API lấy giao dịch").
#pragma once

#include "sim/payment/bank/feed.hpp"

namespace iwas::sim::bank {

enum class CassoVersion : std::uint8_t { v1, v2 };
/// How the text that is signed writes what JSON may write in two ways. Which of them the real
/// server uses is not known: its samples re-serialise in JavaScript and in PHP.
enum class CassoEscapes : std::uint8_t {
    javascript, // letters and '/' as they are
    php,        // "\u1ea1" and "\/"
};

struct CassoHook {
    std::string account; // number
    std::string url;
    CassoVersion version = CassoVersion::v2;
    std::string key; // v1: sent as secure-token; v2: the checksum key
    CassoEscapes escapes = CassoEscapes::javascript;
};
struct CassoKey {
    std::string key;
    std::vector<std::string> accounts;
};

/// Compact JSON with the names of every object sorted.
std::string casso_text(const boost::json::value& value, CassoEscapes escapes);
/// "t=...,v1=...": HMAC-SHA512 over "t." and casso_text of the body.
std::string casso_signature(
    std::string_view key, std::string_view timestamp_ms, const boost::json::value& body,
    CassoEscapes escapes);

/// Path: GET /v2/transactions.
class Casso final : public BankFeed {
public:
    struct Settings {
        std::vector<CassoHook> hooks;
        std::vector<CassoKey> keys;
    };
    /// The schedule of repetitions is not published; SePay's is taken.
    Casso(Bank& bank, Settings settings, std::uint64_t seed)
        : BankFeed{bank, seed}, settings{std::move(settings)}
    {
    }

    Settings settings;

    [[nodiscard]] std::string_view name() const override { return "casso"; }
    [[nodiscard]] bool owns(std::string_view path) const override
    {
        return path == "/v2/transactions";
    }

protected:
    [[nodiscard]] bool is_call(std::string_view) const override { return true; }
    http::Response route(const http::Request& request, UtcTime now) override;
    http::Response refusal(const http::Request& request, UtcTime now) override;
    Result<PayResult, std::string> act(const PayCommand& command, UtcTime now) override;
    void transfer_shown(const Transfer& transfer, UtcTime now) override;
    [[nodiscard]] bool is_accepted(const NoticeAnswer& answer) const override;
    void seal(Notice& notice, UtcTime now) override;

private:
    /// What the statement showed at one moment goes into one webhook of the first generation.
    void send_batch(UtcTime now);
    void send_single(const CassoHook& hook, const Transfer& transfer, UtcTime now);

    std::vector<const Transfer*> batch_;
};

} // namespace iwas::sim::bank

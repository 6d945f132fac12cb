// Sepay: the simulated SePay. Webhooks about bank accounts, and the list of transactions for those
// who missed one (developer.sepay.vn, "Webhooks" and "API giao dịch").
#pragma once

#include "sim/payment/bank/feed.hpp"

namespace iwas::sim::bank {

enum class SepayProof : std::uint8_t { none, api_key, hmac };

/// A webhook that an account's owner has set up in SePay's portal.
struct SepayHook {
    std::string account; // number
    std::string url;
    SepayProof proof = SepayProof::hmac;
    std::string secret;
    std::string code_prefix; // by which SePay finds payment codes; empty: it finds none
};
/// A token of the API and the accounts that it may see.
struct SepayToken {
    std::string token;
    std::vector<std::string> accounts;
};

/// HMAC-SHA256 over "timestamp.body", lower-case hexadecimal with "sha256=" before it.
std::string sepay_signature(
    std::string_view secret, std::string_view timestamp, std::string_view body);
/// The payment code in `content`: the prefix and the letters and digits that follow; empty when
/// there is none.
std::string sepay_code(std::string_view content, std::string_view prefix);

/// Paths: GET /userapi/transactions/list, /count and /details/{id}.
class Sepay final : public BankFeed {
public:
    struct Settings {
        std::vector<SepayHook> hooks;
        std::vector<SepayToken> tokens;
        unsigned calls_per_second = 3; // an older text says 2
        /// The order of the list is not documented; it is told that the newest come first.
        bool lists_newest_first = true;
    };
    Sepay(Bank& bank, Settings settings, std::uint64_t seed);

    Settings settings;

    [[nodiscard]] std::string_view name() const override { return "sepay"; }
    [[nodiscard]] bool owns(std::string_view path) const override
    {
        return path.starts_with("/userapi/");
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
    http::Response list(
        const SepayToken& token, const http::Params& query, bool counts_only, UtcTime now) const;

    CallLimit limit_;
};

} // namespace iwas::sim::bank

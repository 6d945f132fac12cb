// PaymentAccount: an organization's account at a gateway or bank, and what using it costs.
#pragma once

#include "core/money.hpp"
#include "core/secret.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"
#include "domain/payment_method.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::domain {

/// What the gateway keeps of each payment, as the organization configured it.
struct FeeRule {
    std::int64_t basis_points = 0; // hundredths of a percent of the amount, 0 to 10,000
    Money minimum;
    Money maximum; // 0: none

    friend bool operator==(const FeeRule&, const FeeRule&) = default;
};

/// Rounded half up to whole VND, then held between the minimum and the maximum, never above
/// `amount`.
Money fee_of(const FeeRule& rule, Money amount);

/// Who tells of money that arrived on a bank account.
enum class BankFeedKind { sepay, casso };
/// How the feed proves that a webhook is its own.
enum class BankFeedProof {
    api_key, // SePay: Authorization: Apikey KEY; Casso v1: secure-token: KEY
    hmac,    // SePay: X-SePay-Signature; Casso v2: X-Casso-Signature
};

struct BankFeed {
    BankFeedKind kind = BankFeedKind::sepay;
    BankFeedProof proof = BankFeedProof::hmac;
    SecretText webhook_secret;
    std::string base_url; // of the API that lists transactions; empty: no polling
    SecretText api_token;
};

/// One account of one organization: the money goes to it directly. Which member means what depends
/// on the method:
///
/// |              | momo        | zalopay | vnpay       | payos        | vietqr |
/// | ---          | ---         | ---     | ---         | ---          | ---    |
/// | merchant     | partnerCode | app_id  | vnp_TmnCode | x-client-id  |        |
/// | access_key   | accessKey   |         |             | x-api-key    |        |
/// | secret_key   | secretKey   | key1    | hash secret | checksum key |        |
/// | callback_key |             | key2    |             |              |        |
/// | public_key   | RSA (PEM), for tokens |  |          |              |        |
/// | bank, feeds  |             |         |             |              | yes    |
struct PaymentAccount {
    PaymentAccountId id;
    OrganizationId organization;
    PaymentMethod method = PaymentMethod::momo;
    bool is_enabled = true;
    std::string base_url;  // of the gateway's API: sandbox, production or a simulation
    std::string page_url;  // vnpay: the payment page; payos: the folder of the link pages
    std::string token_url; // vnpay: the folder of the token pages
    std::string merchant;
    SecretText access_key;
    SecretText secret_key;
    SecretText callback_key;
    std::string public_key;
    bool saves_tokens = false; // the contract with the gateway allows one-tap payments
    /// vnpay: a refund that was sent to the customer's bank is not yet money returned.
    bool refund_waits_for_bank = false;
    std::string bank_bin;
    std::string bank_account;
    std::string bank_holder;
    std::vector<BankFeed> feeds;
    /// Of a bank transfer's amount at most so much is left off, so that each open order has an
    /// amount of its own and finds its money also without its memo. 0: never.
    Money unique_amount_max;
    FeeRule fee;
};

/// Whether the customer's bank may still refuse a refund that counts as made.
bool may_refuse_refund_later(const PaymentAccount& account);

std::string_view to_text(BankFeedKind kind);
std::optional<BankFeedKind> bank_feed_kind_from(std::string_view text);
std::string_view to_text(BankFeedProof proof);
std::optional<BankFeedProof> bank_feed_proof_from(std::string_view text);

} // namespace iwas::domain

#include "adapters/cafe_file/payment_account_reader.hpp"

#include "adapters/cafe_file/payment_account_facts.hpp"
#include "adapters/cafe_file/rsa_public_key.hpp"
#include "adapters/http/url.hpp"
#include "protocol/vietqr/banks.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace iwas::adapters {

using namespace domain;

namespace {

constexpr std::int64_t unique_amount_vnd_max = 999;
constexpr std::int64_t fee_vnd_max = 1'000'000'000;
constexpr std::size_t webhook_secret_characters_min = 8;
constexpr std::size_t momo_token_key_characters = 32;
constexpr std::size_t feeds_max = 4;

constexpr auto gateways = std::to_array<PaymentMethod>(
    {PaymentMethod::momo, PaymentMethod::zalopay, PaymentMethod::vnpay, PaymentMethod::payos,
     PaymentMethod::vietqr});

/// Keys that one method alone has, beside those of PaymentKeyNames.
constexpr auto own_keys = std::to_array<std::pair<std::string_view, PaymentMethod>>({
    {"public_key", PaymentMethod::momo},
    {"token_url", PaymentMethod::vnpay},
    {"refund_waits_for_bank", PaymentMethod::vnpay},
    {"bank", PaymentMethod::vietqr},
    {"account", PaymentMethod::vietqr},
    {"holder", PaymentMethod::vietqr},
    {"feeds", PaymentMethod::vietqr},
    {"unique_amount_max", PaymentMethod::vietqr},
});

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
bool is_letter_or_digit(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Whether plain HTTP may go there: this machine, a private address (RFC 1918 §3), or a name that
/// only a local network can resolve.
bool is_near(const std::string& host)
{
    static const auto private_networks = std::to_array<Ipv4Prefix>(
        {*Ipv4Prefix::parse("10.0.0.0/8"), *Ipv4Prefix::parse("172.16.0.0/12"),
         *Ipv4Prefix::parse("192.168.0.0/16"), *Ipv4Prefix::parse("127.0.0.0/8")});
    if (const auto address = Ipv4Address::parse(host))
        return std::ranges::any_of(
            private_networks, [&](const Ipv4Prefix& each) { return each.contains(*address); });
    return !host.empty() && !is_digit(host.front()) && host.find('.') == std::string::npos;
}

/// `otherwise` when the key is missing. In one spelling: no '/' at the end, no default port.
std::string read_url(TomlReader& table, std::string_view key, std::string_view otherwise)
{
    if (!table.has(key)) return std::string{otherwise};
    const std::string text = table.required_text(key);
    if (text.empty()) return {};
    const auto url = http::parse_base_url(text);
    if (!url) {
        table.fault(key, "an address such as https://host/path is expected");
        return {};
    }
    if (!url->tls && !is_near(url->host))
        table.fault(key, "https:// is expected; http:// only within the own network");
    return http::to_string(*url);
}

/// A key of a gateway's portal. They are pasted, and a blank that came along would show only as a
/// refused signature.
SecretText read_key(TomlReader& table, std::string_view key, const SecretSources& sources)
{
    if (key.empty()) return {};
    SecretText made = table.secret(key, sources, true);
    const auto is_fit = [](char c) { return c > ' ' && c <= '~'; };
    if (!std::ranges::all_of(made.reveal(), is_fit))
        table.fault(key, "has a blank or another character that no key has");
    return made;
}

/// Builds one account from its table.
class AccountReader {
public:
    AccountReader(PaymentAccount& made, TomlReader& table, const SecretSources& sources)
        : made_{made}, table_{table}, sources_{sources}
    {
    }

    void read()
    {
        refuse_keys_of_others();
        made_.is_enabled = table_.flag("enabled", made_.is_enabled);
        const bool can_save = !is_bank_transfer(made_.method);
        if (can_save) made_.saves_tokens = table_.flag("saves_tokens", made_.saves_tokens);
        if (made_.method == PaymentMethod::vietqr)
            read_bank();
        else
            read_addresses();
        if (is(PaymentMethod::vnpay))
            made_.refund_waits_for_bank =
                table_.flag("refund_waits_for_bank", made_.refund_waits_for_bank);
        read_keys();
        if (const toml::table* const fee = table_.table("fee")) {
            TomlReader reader = table_.below("fee", *fee);
            read_fee(reader);
            reader.finish();
        }
    }

private:
    [[nodiscard]] bool is(PaymentMethod method) const { return made_.method == method; }

    [[nodiscard]] bool has_page() const
    {
        return is(PaymentMethod::vnpay) || is(PaymentMethod::payos);
    }

    void refuse_keys_of_others()
    {
        const auto refuse = [&](std::string_view key, PaymentMethod owner) {
            if (key.empty() || is(owner)) return;
            for (const char* suffix : {"", "_env", "_file"})
                table_.refuse(
                    std::string{key} + suffix,
                    "only a " + std::string{to_text(owner)} + " account has one");
        };
        for (const PaymentMethod owner : gateways) {
            const PaymentKeyNames names = payment_key_names(owner);
            for (const std::string_view key :
                 {names.merchant, names.access_key, names.secret_key, names.callback_key})
                refuse(key, owner);
        }
        for (const auto& [key, owner] : own_keys)
            refuse(key, owner);
        if (!has_page()) table_.refuse("page_url", "only vnpay and payos accounts have one");
        if (is_bank_transfer(made_.method))
            table_.refuse("saves_tokens", "a bank transfer leaves nothing to be saved");
        if (is(PaymentMethod::vietqr))
            for (const char* key : {"environment", "base_url"})
                table_.refuse(key, "a vietqr account has none; each of its feeds has a base_url");
    }

    void read_addresses()
    {
        using Choice = std::optional<GatewayEnvironment>;
        const Choice otherwise =
            is(PaymentMethod::payos) ? Choice{GatewayEnvironment::production} : std::nullopt;
        const auto environment = table_.word<Choice>(
            "environment", otherwise,
            {{"sandbox", GatewayEnvironment::sandbox},
             {"production", GatewayEnvironment::production}});
        const GatewayAddresses known =
            environment ? gateway_addresses(made_.method, *environment) : GatewayAddresses{};
        made_.base_url = read_url(table_, "base_url", known.base);
        if (has_page()) made_.page_url = read_url(table_, "page_url", known.page);
        if (is(PaymentMethod::vnpay)) made_.token_url = read_url(table_, "token_url", known.token);
        const auto need = [&](std::string_view key, const std::string& url) {
            if (!url.empty() || table_.has(key)) return;
            if (environment)
                table_.fault(key, "is missing: " + missing_address(*environment));
            else if (!table_.has("environment"))
                table_.fault(key, "is missing (or environment: sandbox or production)");
        };
        need("base_url", made_.base_url);
        if (is(PaymentMethod::vnpay)) need("page_url", made_.page_url);
        if (is(PaymentMethod::vnpay) && made_.saves_tokens) need("token_url", made_.token_url);
    }

    [[nodiscard]] std::string missing_address(GatewayEnvironment environment) const
    {
        if (is(PaymentMethod::payos)) return "PayOS has no sandbox";
        if (is(PaymentMethod::vnpay) && environment == GatewayEnvironment::production)
            return "VNPay gives it to the merchant and publishes it nowhere";
        return "the gateway publishes none";
    }

    void read_keys()
    {
        const PaymentKeyNames names = payment_key_names(made_.method);
        if (!names.merchant.empty()) {
            made_.merchant = table_.required_text(names.merchant);
            const std::string_view fault = merchant_name_fault(made_.method, made_.merchant);
            if (!made_.merchant.empty() && !fault.empty())
                table_.fault(names.merchant, std::string{fault});
        }
        made_.access_key = read_key(table_, names.access_key, sources_);
        made_.secret_key = read_key(table_, names.secret_key, sources_);
        made_.callback_key = read_key(table_, names.callback_key, sources_);
        if (is(PaymentMethod::momo)) read_momo_tokens();
    }

    /// MoMo's tokens come sealed with the secret key (AES-256) and go back sealed with its RSA key.
    void read_momo_tokens()
    {
        const SecretText key = table_.secret("public_key", sources_, made_.saves_tokens);
        if (!key.empty()) {
            const auto pem = rsa_public_key_pem(key.reveal());
            if (!pem) table_.fault("public_key", "an RSA key of at least 2048 bits is expected");
            made_.public_key = pem.value_or(std::string{});
        }
        const std::size_t size = made_.secret_key.reveal().size();
        if (made_.saves_tokens && size > 0 && size != momo_token_key_characters)
            table_.fault("secret_key", "with saves_tokens, 32 characters are expected");
    }

    void read_bank()
    {
        const std::string bank = table_.required_text("bank");
        if (!bank.empty()) made_.bank_bin = bin_of(bank);
        made_.bank_account = table_.required_text("account");
        if (made_.bank_account.size() > 19 ||
            !std::ranges::all_of(made_.bank_account, is_letter_or_digit))
            table_.fault("account", "at most 19 letters and digits are expected");
        made_.bank_holder = table_.required_text("holder");
        made_.unique_amount_max =
            Money{table_.integer("unique_amount_max", 0, 0, unique_amount_vnd_max)};

        const auto feeds = table_.tables("feeds");
        if (feeds.size() > feeds_max) table_.fault("feeds", "at most 4 are expected");
        for (const toml::table* const each : feeds) {
            TomlReader reader = table_.below("feeds", *each);
            made_.feeds.push_back(feed(reader));
            reader.finish();
        }
        if (made_.is_enabled && !table_.has("feeds"))
            table_.fault("feeds", "is missing: without one, nobody tells of the money");
    }

    /// A BIN that no list has may still be right: new ones are given out. A code that names several
    /// banks is none (`BVB`).
    std::string bin_of(const std::string& bank)
    {
        if (bank.size() == 6 && std::ranges::all_of(bank, is_digit)) return bank;
        const auto named = vietqr::find_banks_by_code(bank);
        if (named.size() == 1) return std::string{named.front()->bin};
        std::string several;
        for (const vietqr::Bank* const each : named)
            several.append(several.empty() ? "" : ", ")
                .append(each->bin)
                .append(" ")
                .append(each->short_name);
        table_.fault(
            "bank", several.empty() ? "the 6 digits of the bank's BIN, or its code, are expected"
                                    : "is the code of several: write the BIN of one: " + several);
        return {};
    }

    BankFeed feed(TomlReader& table)
    {
        BankFeed made;
        if (!table.has("kind")) table.fault("kind", "is missing");
        made.kind = table.word<BankFeedKind>(
            "kind", made.kind, {{"sepay", BankFeedKind::sepay}, {"casso", BankFeedKind::casso}});
        made.proof = table.word<BankFeedProof>(
            "proof", made.proof,
            {{"api_key", BankFeedProof::api_key}, {"hmac", BankFeedProof::hmac}});
        made.webhook_secret = read_key(table, "webhook_secret", sources_);
        const std::size_t size = made.webhook_secret.reveal().size();
        if (size > 0 && size < webhook_secret_characters_min)
            table.fault("webhook_secret", "at least 8 characters are expected");

        const bool polls =
            table.has("api_token") || table.has("api_token_env") || table.has("api_token_file");
        if (polls) made.api_token = read_key(table, "api_token", sources_);
        const std::string base_url = read_url(
            table, "base_url",
            made.kind == BankFeedKind::sepay ? "https://my.sepay.vn" : "https://oauth.casso.vn");
        if (polls) made.base_url = base_url;
        if (!polls && table.has("base_url"))
            table.fault("base_url", "is for asking the feed, which needs its api_token");
        return made;
    }

    void read_fee(TomlReader& table)
    {
        if (const auto percent = table.decimal("percent")) {
            const auto points = basis_points_from(*percent);
            if (!points) table.fault("percent", "0 to 100 with at most two decimals is expected");
            made_.fee.basis_points = points.value_or(0);
        }
        made_.fee.minimum = Money{table.integer("minimum", 0, 0, fee_vnd_max)};
        made_.fee.maximum = Money{table.integer("maximum", 0, 0, fee_vnd_max)};
        if (made_.fee.maximum > Money{} && made_.fee.maximum < made_.fee.minimum)
            table.fault("maximum", "is below the minimum");
    }

    PaymentAccount& made_;
    TomlReader& table_;
    const SecretSources& sources_;
};

} // namespace

std::optional<PaymentAccount> read_payment_account(
    const PaymentAccountId& id, const OrganizationId& organization, TomlReader& table,
    const SecretSources& sources)
{
    using Choice = std::optional<PaymentMethod>;
    if (!table.has("method")) table.fault("method", "is missing");
    const Choice method = table.word<Choice>(
        "method", std::nullopt,
        {{"momo", PaymentMethod::momo},
         {"zalopay", PaymentMethod::zalopay},
         {"vnpay", PaymentMethod::vnpay},
         {"vietqr", PaymentMethod::vietqr},
         {"payos", PaymentMethod::payos}});
    if (!method) {
        table.know_all();
        return std::nullopt;
    }
    PaymentAccount made;
    made.id = id;
    made.organization = organization;
    made.method = *method;
    AccountReader{made, table, sources}.read();
    return made;
}

void check_one_enabled(const Catalog& known, const PaymentAccount& account, TomlReader& table)
{
    if (!account.is_enabled || account.organization == OrganizationId{}) return;
    const PaymentAccount* const other = known.payment_account(account.organization, account.method);
    if (other)
        table.fault(
            "method",
            "payment account " + other->id.text() +
                " of the same organization has it too; one of them needs enabled = false");
}

} // namespace iwas::adapters

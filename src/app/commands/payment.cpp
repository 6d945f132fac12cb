// payment: for technicians. Tries an organization's keys at a gateway without selling anything:
// writes the request of an order, and verifies a notice that somebody has at hand.
#include "adapters/payment/gateways.hpp"
#include "app/commands/payment_commands.hpp"
#include "core/text.hpp"
#include "domain/payment_method.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

namespace iwas::app {

namespace {

constexpr const char* secrets_help =
    "Keys come from the environment, never from the command line: IWAS_PAYMENT_SECRET_KEY (MoMo "
    "secretKey, ZaloPay key1, VNPay hash secret, PayOS checksum key, a feed's webhook secret), "
    "IWAS_PAYMENT_ACCESS_KEY (MoMo accessKey, PayOS api key), IWAS_PAYMENT_CALLBACK_KEY (ZaloPay "
    "key2).";

struct AccountOptions {
    std::string method;
    domain::PaymentAccount account;
    std::string feed = "sepay";
    bool with_api_key = false;
};

struct OrderOptions {
    AccountOptions account;
    ports::PaymentOrder order;
    std::int64_t amount = 0;
    std::string created;
    std::string expires;
};

struct NoticeOptions {
    AccountOptions account;
    std::string query;
    std::string file;
    std::vector<std::string> headers;
    std::string now;
};

SecretText from_environment(const char* name)
{
    const char* value = std::getenv(name);
    return SecretText{value == nullptr ? "" : value};
}

const adapters::GatewayMapping& mapping_of(const AccountOptions& options)
{
    const auto method = domain::payment_method_from(options.method);
    const auto* mapping = method ? adapters::mapping_for(*method) : nullptr;
    if (mapping == nullptr)
        throw std::runtime_error{
            options.method + ": expected momo, zalopay, vnpay, payos or vietqr"};
    return *mapping;
}

domain::PaymentAccount account_of(const AccountOptions& options)
{
    domain::PaymentAccount account = options.account;
    account.method = domain::payment_method_from(options.method).value();
    account.secret_key = from_environment("IWAS_PAYMENT_SECRET_KEY");
    account.access_key = from_environment("IWAS_PAYMENT_ACCESS_KEY");
    account.callback_key = from_environment("IWAS_PAYMENT_CALLBACK_KEY");
    if (account.secret_key.empty() && account.callback_key.empty())
        throw std::runtime_error{"IWAS_PAYMENT_SECRET_KEY is not set"};
    domain::BankFeed feed;
    feed.kind = options.feed == "casso" ? domain::BankFeedKind::casso : domain::BankFeedKind::sepay;
    feed.proof =
        options.with_api_key ? domain::BankFeedProof::api_key : domain::BankFeedProof::hmac;
    feed.webhook_secret = account.secret_key;
    account.feeds.push_back(std::move(feed));
    return account;
}

UtcTime time_of(const std::string& text, UtcTime otherwise)
{
    if (text.empty()) return otherwise;
    const auto time = from_rfc3339(text);
    if (!time)
        throw std::runtime_error{text + ": expected a time such as 2026-11-22T10:15:00+07:00"};
    return *time;
}

UtcTime wall_time()
{
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

void print_row(std::string_view name, std::string_view value)
{
    if (!value.empty()) fmt::print("{:<18} {}\n", name, value);
}

std::string_view named(ports::GatewayError error)
{
    switch (error) {
    case ports::GatewayError::refused: return "the order is refused";
    case ports::GatewayError::misconfigured: return "keys or addresses are missing or wrong";
    case ports::GatewayError::not_supported: return "this gateway has no such thing";
    case ports::GatewayError::duplicate:
    case ports::GatewayError::not_found:
    case ports::GatewayError::unavailable:
    case ports::GatewayError::unknown: break;
    }
    return "there is no answer";
}

std::string_view named(ports::NoticeError error)
{
    switch (error) {
    case ports::NoticeError::malformed:
        return "the signature is right or was not reached, but this is no notice of this gateway";
    case ports::NoticeError::signature_wrong: return "the signature is missing or wrong";
    case ports::NoticeError::too_old: break;
    }
    return "the signature is right, but outside its time window; see --now";
}

std::string_view named(ports::PaymentState state)
{
    switch (state) {
    case ports::PaymentState::pending: return "pending";
    case ports::PaymentState::paid: return "paid";
    case ports::PaymentState::failed: return "failed";
    case ports::PaymentState::held: break;
    }
    return "held";
}

std::string_view named(ports::NoticeKind kind)
{
    switch (kind) {
    case ports::NoticeKind::payment: return "payment";
    case ports::NoticeKind::binding: return "binding";
    case ports::NoticeKind::test: return "test";
    case ports::NoticeKind::transfers: return "bank transfers";
    case ports::NoticeKind::unreadable: return "not readable";
    case ports::NoticeKind::foreign: break;
    }
    return "for another merchant or account";
}

void print_order(const OrderOptions& options)
{
    const auto& mapping = mapping_of(options.account);
    const domain::PaymentAccount account = account_of(options.account);
    ports::PaymentOrder order = options.order;
    order.amount = Money{options.amount};
    order.created_at = time_of(options.created, wall_time());
    order.expires_at = time_of(options.expires, order.created_at + 15min);
    const auto plan = mapping.create(account, order, {.now = order.created_at, .chance = 1});
    if (const auto* step = std::get_if<adapters::GatewayStep<domain::Invitation>>(&plan)) {
        print_row(
            "call",
            fmt::format(
                "{} {}{}", to_string(step->request.method), step->base_url, step->request.target));
        print_row("body", step->request.body);
        return;
    }
    const auto& invitation = std::get<ports::GatewayAnswer<domain::Invitation>>(plan);
    if (!invitation)
        throw std::runtime_error{
            fmt::format("{} ({})", named(invitation.error().error), invitation.error().code)};
    print_row("page", invitation->pay_url);
    print_row("qr", invitation->qr_text);
}

std::string content_of(const std::string& file)
{
    if (file.empty()) return {};
    std::ifstream stream;
    if (file != "-") {
        stream.open(file, std::ios::binary);
        if (!stream) throw std::runtime_error{file + ": cannot be read"};
    }
    std::istream& input = file == "-" ? std::cin : stream;
    return {std::istreambuf_iterator<char>{input}, {}};
}

/// The value of the field of that name among `Name: value` lines.
std::string_view header_of(const std::vector<std::string>& lines, std::string_view name)
{
    for (const std::string_view line : lines) {
        const auto colon = line.find(':');
        if (colon != std::string_view::npos && equal_ignoring_case(line.substr(0, colon), name))
            return trimmed(line.substr(colon + 1));
    }
    return {};
}

void print_money(const ports::ReceivedMoney& money)
{
    print_row("received", fmt::format("{} VND", money.amount.vnd()));
    print_row("  name", money.gateway_id);
    print_row("  at", to_rfc3339(money.paid_at));
    print_row("  text", money.memo);
    print_row("  payer", money.payer);
}

void print_notice(const NoticeOptions& options)
{
    const auto& mapping = mapping_of(options.account);
    const domain::PaymentAccount account = account_of(options.account);
    const std::string body = content_of(options.file);
    // A whole address may be pasted.
    const std::string_view query = std::string_view{options.query}.substr(
        options.query.find('?') == std::string::npos ? 0 : options.query.find('?') + 1);
    const auto notice = mapping.read_notice(
        account, {.query = query,
                  .body = body,
                  .header = [&](std::string_view name) { return header_of(options.headers, name); },
                  .now = time_of(options.now, wall_time())});
    if (!notice) throw std::runtime_error{std::string{named(notice.error())}};
    print_row("signature", "right");
    print_row("kind", named(notice->kind));
    print_row("order", notice->order_id);
    if (notice->kind != ports::NoticeKind::unreadable && notice->unread != ports::Unread::nothing)
        print_row("but", "a part of it cannot be read");
    for (const ports::ListedPayment& transfer : notice->transfers) {
        print_money(transfer.money);
        print_row("  order", transfer.order_id);
    }
    if (notice->kind != ports::NoticeKind::payment) return;
    print_row("state", named(notice->status.state));
    if (notice->status.reason != domain::TransactionReason::none)
        print_row("reason", to_text(notice->status.reason));
    print_row("code", notice->status.code);
    for (const ports::ReceivedMoney& money : notice->status.received) {
        print_money(money);
    }
}

void add_account_options(CLI::App& command, AccountOptions& options)
{
    command.footer(secrets_help);
    command.add_option("--method", options.method, "momo, zalopay, vnpay, payos or vietqr")
        ->required();
    command.add_option(
        "--merchant", options.account.merchant,
        "MoMo partnerCode, ZaloPay app_id, VNPay vnp_TmnCode, PayOS client id");
    command.add_option("--bank-account", options.account.bank_account, "vietqr: the account");
}

} // namespace

void add_payment(CLI::App& app, const CommonOptions& common)
{
    auto* command = app.add_subcommand(
        "payment",
        "List transactions; try a gateway's keys: write an order's request, verify a notice");
    command->require_subcommand(1);

    add_payment_history(*command, common);

    auto* order = command->add_subcommand(
        "order", "Print the signed page or request of an order; nothing is sent");
    auto what = std::make_shared<OrderOptions>();
    add_account_options(*order, what->account);
    order->add_option("--page-url", what->account.account.page_url, "vnpay: the payment page");
    order->add_option("--base-url", what->account.account.base_url, "The gateway's API");
    order->add_option("--bank", what->account.account.bank_bin, "vietqr: the bank's BIN");
    order->add_option("--order", what->order.order_id, "The gateway's name of the order")
        ->required();
    order->add_option("--amount", what->amount, "In dong")->required();
    order->add_option("--description", what->order.description, "Letters, digits and blanks");
    order->add_option("--return-url", what->order.return_url, "Where the browser goes afterwards");
    order->add_option("--notify-url", what->order.notify_url, "Where notices go");
    order->add_option("--payer-address", what->order.payer_address, "vnpay: the customer's IPv4");
    order->add_option("--created", what->created, "RFC 3339; without it now");
    order->add_option("--expires", what->expires, "RFC 3339; without it 15 minutes later");
    order->callback([what] { print_order(*what); });

    auto* notice = command->add_subcommand(
        "notice", "Verify a notice and print what it says; exit status 1 when it is not believed");
    auto given = std::make_shared<NoticeOptions>();
    add_account_options(*notice, given->account);
    notice->add_option("--feed", given->account.feed, "vietqr: sepay or casso")
        ->check(CLI::IsMember({"sepay", "casso"}))
        ->capture_default_str();
    notice->add_flag(
        "--api-key", given->account.with_api_key,
        "vietqr: the feed proves itself by a key in the header, not by a signature");
    notice->add_option("--query", given->query, "vnpay: the query or the whole address");
    notice->add_option("--header", given->headers, "\"Name: value\", as often as needed");
    notice->add_option("--now", given->now, "RFC 3339: judge its age as of then");
    notice->add_option("BODY", given->file, "The file with the body; - reads the input");
    notice->callback([given] { print_notice(*given); });
}

} // namespace iwas::app

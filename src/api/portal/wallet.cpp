// The wallet: ways to pay that the customer keeps, and his store credit.
#include "api/peer_source.hpp"
#include "api/portal/handlers.hpp"
#include "api/portal/payment_methods.hpp"
#include "api/portal/situation.hpp"
#include "core/folding.hpp"
#include "core/utf8.hpp"
#include "protocol/vietqr/banks.hpp"
#include "protocol/vietqr/transfer.hpp"

namespace iwas::api::portal {

namespace json = boost::json;

namespace {

Refusal refusal_of(workflows::WalletRejection why)
{
    using Why = workflows::WalletRejection;
    switch (why) {
    case Why::not_found: return {.code = ProblemCode::not_found};
    case Why::method_inactive: return {.code = ProblemCode::payment_method_inactive};
    case Why::reauthentication_required: return {.code = ProblemCode::reauthentication_required};
    case Why::last_method: return {.code = ProblemCode::last_method};
    case Why::declined: return {.code = ProblemCode::payment_declined};
    case Why::gateway_unavailable: return {.code = ProblemCode::payment_unavailable};
    case Why::try_later: return {.code = ProblemCode::try_later, .wait = 1s};
    }
    return {.code = ProblemCode::try_later};
}

awaitable<Response> show_wallet(Customer customer, Services& services)
{
    constexpr int entries_shown = 50;
    const domain::AccountId account = customer.account->id;
    const auto wallet = co_await services.wallet.view(*customer.account);
    const auto credit = co_await services.store.credit_of(account);
    const auto entries = co_await services.store.credit_entries(account, entries_shown);
    if (!wallet || !credit || !entries)
        co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    co_return json_response(200, wallet_json(*wallet, *credit, *entries, services.clock.utc_now()));
}

/// What the customer wants to keep.
struct Wish {
    domain::PaymentMethod method = domain::PaymentMethod::momo;
    std::optional<workflows::BankAccount> bank_account;
};

/// Where a transfer back could go: a bank with a BIN, and a number that a VietQR can hold.
Result<workflows::BankAccount, Refusal> bank_account_in(const json::object& body)
{
    constexpr std::size_t octets_min = 6;
    auto bin = text_member(body, "bank_bin", 6, 6);
    if (!bin || !vietqr::find_bank_by_bin(*bin)) return std::unexpected{invalid_field("bank_bin")};
    auto number = text_member(body, "account_number", octets_min, vietqr::account_max);
    if (!number || !vietqr::encode({.bank_bin = *bin, .account = *number}))
        return std::unexpected{invalid_field("account_number")};
    return workflows::BankAccount{std::move(*bin), SecretText{std::move(*number)}};
}

Result<Wish, Refusal> wish_in(const Request& request)
{
    const auto body = json_body(request);
    if (!body) return std::unexpected{body.error()};
    const auto named = text_member(*body, "method", 1, 32);
    if (!named) return std::unexpected{named.error()};
    const auto method = domain::payment_method_from(*named);
    if (!method) return std::unexpected{Refusal{.code = ProblemCode::payment_method_inactive}};
    Wish wish{.method = *method, .bank_account = {}};
    if (domain::is_bank_transfer(*method)) {
        auto account = bank_account_in(*body);
        if (!account) return std::unexpected{account.error()};
        wish.bank_account = std::move(*account);
    }
    return wish;
}

awaitable<Response> bind(Customer customer, Wish wish, std::string return_url, Services& services)
{
    workflows::LinkRequest order{
        .account = *customer.account,
        .visit = customer.visit,
        .method = wish.method,
        .way = payment_way(customer, wish.method, *services.catalog.current(), services),
        .bank_account = std::move(wish.bank_account),
    };
    order.way.return_url = std::move(return_url);
    const auto bound = co_await services.wallet.begin(std::move(order));
    if (!bound) co_return customer.refuse(refusal_of(bound.error()));
    Response response = json_response(201, binding_json(*bound));
    response.headers.set("Location", "/api/v1/wallet/bindings/" + to_string(bound->id));
    co_return response;
}

/// Owns what the binding needs, so that it can go on when its customer is answered. Without the
/// proof nothing is kept under the key: with the proof the same request is another one.
awaitable<Response> bind_once(Customer customer, Request request, Wish wish, Services& services)
{
    const UtcTime now = services.clock.utc_now();
    if (!domain::is_proven(customer.visit, customer.account->id, now))
        co_return customer.refuse(ProblemCode::reauthentication_required);
    const std::string return_url =
        services.settings.public_url + "/r/" + services.tokens.visit_token(customer.visit.id) + "/";
    const std::function<awaitable<Response>()> work = [&] {
        return bind(customer, wish, return_url, services);
    };
    Response response = co_await run_once(customer, std::move(request), services, work);
    co_return response;
}

/// The characters of `text`, each of which may be several octets.
std::size_t characters_of(std::string_view text)
{
    std::size_t count = 0;
    while (!text.empty() && take_code_point(text))
        ++count;
    return count;
}

Result<workflows::MethodChange, Refusal> change_of(const json::object& body)
{
    constexpr std::size_t label_characters_max = 40;
    constexpr std::size_t label_octets_max = 4 * label_characters_max;
    workflows::MethodChange change;
    if (body.contains("label")) {
        auto label = text_member(body, "label", 0, label_octets_max);
        if (!label || has_control_character(*label) || characters_of(*label) > label_characters_max)
            return std::unexpected{invalid_field("label")};
        change.label = std::move(*label);
    }
    if (const auto* position = body.if_contains("position")) {
        constexpr std::int64_t position_max = 1'000;
        if (!position->is_int64() || position->get_int64() < 0 ||
            position->get_int64() > position_max)
            return std::unexpected{invalid_field("position")};
        change.position = static_cast<std::size_t>(position->get_int64());
    }
    if (const auto* wish = body.if_contains("is_default")) {
        if (!wish->is_bool() || !wish->get_bool())
            return std::unexpected{invalid_field("is_default")};
        change.makes_default = true;
    }
    if (!change.label && !change.position && !change.makes_default)
        return std::unexpected{invalid_field("body")};
    return change;
}

} // namespace

awaitable<Response> get_wallet(Request request, Services& services)
{
    auto entered = co_await enter(std::move(request), Entry::read_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    Response response = co_await show_wallet(std::move(*entered), services);
    co_return response;
}

awaitable<Response> post_binding(Request request, Services& services)
{
    const SteadyTime by = services.clock.steady_now() + services.settings.answer_within;
    auto entered = co_await enter(request, Entry::change_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    auto wish = wish_in(request);
    if (!wish) co_return customer.refuse(wish.error());
    Response response = co_await answer_by(
        by, customer, bind_once(customer, std::move(request), std::move(*wish), services),
        services);
    co_return response;
}

awaitable<Response> get_binding(Request request, Services& services)
{
    const auto id = domain::SavedMethodId::parse(request.param("id"));
    auto entered = co_await enter(std::move(request), Entry::read_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    if (!id) co_return customer.refuse(ProblemCode::not_found);
    const auto found = co_await services.wallet.find(customer.account->id, *id);
    if (!found) co_return customer.refuse(refusal_of(found.error()));
    co_return json_response(200, binding_json(*found));
}

awaitable<Response> patch_saved_method(Request request, Services& services)
{
    const auto id = domain::SavedMethodId::parse(request.param("id"));
    auto entered = co_await enter(request, Entry::change_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    Customer customer = std::move(*entered);
    if (!id) co_return customer.refuse(ProblemCode::not_found);
    const auto body = json_body(request);
    if (!body) co_return customer.refuse(body.error());
    auto change = change_of(*body);
    if (!change) co_return customer.refuse(change.error());
    const auto changed =
        co_await services.wallet.change(*customer.account, *id, std::move(*change));
    if (!changed) co_return customer.refuse(refusal_of(changed.error()));
    Response response = co_await show_wallet(std::move(customer), services);
    co_return response;
}

awaitable<Response> delete_saved_method(Request request, Services& services)
{
    const auto id = domain::SavedMethodId::parse(request.param("id"));
    auto entered = co_await enter(std::move(request), Entry::change_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    Customer customer = std::move(*entered);
    if (!id) co_return customer.refuse(ProblemCode::not_found);
    const auto removed = co_await services.wallet.remove(*customer.account, customer.visit, *id);
    if (!removed) co_return customer.refuse(refusal_of(removed.error()));
    Response response = co_await show_wallet(std::move(customer), services);
    co_return response;
}

} // namespace iwas::api::portal

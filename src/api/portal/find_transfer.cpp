// "I have sent the money": a bank transfer that lost its memo finds its order.
#include "api/portal/handlers.hpp"
#include "api/portal/situation.hpp"

#include <algorithm>

namespace iwas::api::portal {

namespace json = boost::json;

namespace {

constexpr std::size_t reference_octets_max = 64;
/// Banks bring transfers within a day or two; a time further off is a slip of the finger.
constexpr std::chrono::days sent_before_max{7};
constexpr std::chrono::days sent_ahead_max{1};

bool is_four_digits(std::string_view text)
{
    return text.size() == 4 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Result<domain::TransferClaim, Refusal> parse_claim(const Request& request, UtcTime now)
{
    const auto body = json_body(request);
    if (!body) return std::unexpected{body.error()};
    domain::TransferClaim claim;
    const auto amount = money_member(*body, "amount");
    if (!amount || *amount == Money{}) return std::unexpected{invalid_field("amount")};
    claim.amount = *amount;
    if (body->contains("bank_reference")) {
        auto reference = text_member(*body, "bank_reference", 0, reference_octets_max);
        if (!reference) return std::unexpected{reference.error()};
        claim.bank_reference = std::move(*reference);
    }
    if (body->contains("sent_at")) {
        const auto text = text_member(*body, "sent_at", 1, 40);
        if (!text) return std::unexpected{text.error()};
        claim.sent_at = from_rfc3339(*text);
        const bool is_near = claim.sent_at && *claim.sent_at > now - sent_before_max &&
                             *claim.sent_at < now + sent_ahead_max;
        if (!is_near) return std::unexpected{invalid_field("sent_at")};
    }
    if (body->contains("sender_last4")) {
        auto last4 = text_member(*body, "sender_last4", 4, 4);
        if (!last4 || !is_four_digits(*last4))
            return std::unexpected{invalid_field("sender_last4")};
        claim.sender_last4 = std::move(*last4);
    }
    return claim;
}

std::string_view to_text(workflows::TransferOutcome outcome)
{
    switch (outcome) {
    case workflows::TransferOutcome::found: return "found";
    case workflows::TransferOutcome::waiting: return "waiting";
    case workflows::TransferOutcome::not_found: return "not_found";
    }
    return "not_found";
}

Refusal refusal_of(const workflows::FindTransferRefused& refused)
{
    switch (refused.why) {
    case workflows::FindTransferError::rate_limited:
        return {.code = ProblemCode::rate_limited, .wait = refused.wait};
    case workflows::FindTransferError::try_later: break;
    }
    return {.code = ProblemCode::try_later, .wait = refused.wait};
}

awaitable<Response> find(Customer customer, domain::TransferClaim claim, Services& services)
{
    workflows::FindTransferRequest wanted{
        .account = *customer.account, .visit = customer.visit, .claim = std::move(claim)};
    const auto found = co_await services.find_transfer.run(std::move(wanted));
    if (!found) co_return customer.refuse(refusal_of(found.error()));
    json::value purchase = nullptr;
    if (found->order) {
        const auto view = co_await services.purchases.view(*found->order);
        if (!view || !*view)
            co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
        purchase = purchase_json(**view, viewer_of(customer, services));
    }
    co_return json_response(
        200, {{"outcome", to_text(found->outcome)}, {"purchase", std::move(purchase)}});
}

} // namespace

awaitable<Response> post_find_transfer(Request request, Services& services)
{
    auto entered = co_await enter(request, Entry::change_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    const auto claim = parse_claim(request, services.clock.utc_now());
    if (!claim) co_return customer.refuse(claim.error());

    const std::function<awaitable<Response>()> work = [&] {
        return find(customer, *claim, services);
    };
    Response response = co_await run_once(customer, std::move(request), services, work);
    co_return response;
}

} // namespace iwas::api::portal

// The flat endpoints of an earlier public design, which some cafés' servers speak. It has no
// look-up, so an unknown debit is resolved only by its idempotency key or by a person.
#include "adapters/pc_system/rest/json_fields.hpp"
#include "adapters/pc_system/rest/profiles.hpp"
#include "core/percent_encoding.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>

namespace iwas::adapters {

namespace json = boost::json;
using http::InboundResponse;
using http::OutboundRequest;
using ports::PcError;
using ports::PcFailure;

namespace {

/// The members of a 2xx answer with success true: of `data` or `user` where those hold them.
std::optional<json::object> success(const InboundResponse& response)
{
    if (response.status != 200 && response.status != 201) return std::nullopt;
    auto body = json_fields::parse_object(response.body);
    if (!body || !json_fields::is_true(*body, "success")) return std::nullopt;
    for (const char* inner : {"data", "user"}) {
        const json::object* found = json_fields::object(*body, inner);
        if (found == nullptr) continue;
        const json::object members = *found;
        for (const auto& member : members)
            body->emplace(member.key(), member.value());
    }
    return body;
}

/// A clear no needs success false and a known code; everything else leaves the outcome unknown.
std::unexpected<PcFailure> refusal(const InboundResponse& response)
{
    if (response.status == 429) return rate_limited(response);
    const auto body = json_fields::parse_object(response.body);
    const json::value* told = body ? body->if_contains("success") : nullptr;
    if (told == nullptr || !told->is_bool() || told->get_bool() || response.status >= 500)
        return failed(PcError::unknown);
    const std::string code = json_fields::text(*body, "error_code").value_or("");
    struct Row {
        std::string_view code;
        PcError meaning;
    };
    static constexpr std::array<Row, 10> rows{{
        {"INVALID_CREDENTIALS", PcError::invalid_credentials},
        {"ACCOUNT_SUSPENDED", PcError::account_suspended},
        {"ACCOUNT_EXPIRED", PcError::account_suspended},
        {"INSUFFICIENT_BALANCE", PcError::insufficient_balance},
        {"USER_NOT_FOUND", PcError::not_found},
        {"TRANSACTION_NOT_FOUND", PcError::not_found},
        {"RATE_LIMITED", PcError::rate_limited},
        {"INVALID_REQUEST", PcError::refused},
        {"INVALID_AMOUNT", PcError::refused},
        {"UNAUTHORIZED", PcError::unavailable}, // our key: nothing was done
    }};
    for (const Row& row : rows)
        if (row.code == code) return failed(row.meaning);
    return failed(PcError::unknown);
}

class LegacyMapping final : public Mapping {
public:
    OutboundRequest verify(
        const std::string& user_name, const SecretText& password,
        std::optional<MacAddress>) const override
    {
        json::object body;
        body["username"] = user_name;
        body["password"] = password.reveal();
        return post_request("/pc-api/login", body);
    }

    PcAnswer<ports::PcMember> verified(const InboundResponse& response) const override
    {
        const auto body = success(response);
        if (!body) return refusal(response);
        auto id = json_fields::identifier(*body, "user_id");
        if (!id) id = json_fields::identifier(*body, "id");
        if (!id) return failed(PcError::unknown);
        const std::string user_name = json_fields::text(*body, "username").value_or(*id);
        return ports::PcMember{
            .id = *id,
            .user_name = user_name,
            .display_name = json_fields::text(*body, "display_name").value_or(user_name),
            .is_at_pc = false};
    }

    OutboundRequest balance(const std::string& member_id) const override
    {
        return get_request("/api/v1/user/balance?user_id=" + percent_encode(member_id));
    }

    PcAnswer<Money> balance_told(const InboundResponse& response) const override
    {
        const auto body = success(response);
        if (!body) return refusal(response);
        const auto amount = json_fields::integer(*body, "balance");
        if (!amount) return failed(PcError::unknown);
        return Money{std::max<std::int64_t>(*amount, 0)};
    }

    OutboundRequest charge(const ports::PcChargeOrder& order) const override
    {
        json::object body;
        body["user_id"] = order.member_id;
        body["amount"] = order.amount.vnd();
        body["description"] = order.description + " (" + order.reference + ")";
        body["idempotency_key"] = uuid_text(order.idempotency_key);
        return post_request("/api/debit", body);
    }

    PcAnswer<ports::PcCharge> charged(
        const ports::PcChargeOrder& order, const InboundResponse& response) const override
    {
        const auto body = success(response);
        if (!body) return refusal(response);
        const auto id = json_fields::identifier(*body, "transaction_id");
        if (!id) return failed(PcError::unknown);
        // The answer repeats neither member nor amount: it is taken to be for what was asked.
        return ports::PcCharge{
            .id = *id,
            .reference = order.reference,
            .member_id = order.member_id,
            .amount = order.amount,
            .refunded_total = Money{}};
    }

    OutboundRequest refund(const ports::PcRefundOrder& order) const override
    {
        json::object body;
        body["original_transaction_id"] = order.charge_id;
        body["amount"] = order.amount.vnd();
        body["reason"] = order.reason;
        body["idempotency_key"] = uuid_text(order.idempotency_key);
        return post_request("/api/refund", body);
    }

    PcAnswer<std::string> refunded(
        const ports::PcRefundOrder& order, const InboundResponse& response) const override
    {
        const auto body = success(response);
        if (!body) {
            // Said by an earlier attempt of ours: that design refunds a transaction once.
            const auto told = json_fields::parse_object(response.body);
            if (told && response.status < 500 &&
                json_fields::text(*told, "error_code") == "ALREADY_REFUNDED")
                return "refunded:" + order.charge_id;
            return refusal(response);
        }
        const auto id = json_fields::identifier(*body, "refund_id");
        if (!id) return failed(PcError::unknown);
        return *id;
    }

    /// That design promises idempotency for debits only.
    ports::PcAbilities abilities() const override
    {
        return {.finds_charges = false, .repeats_refunds = false};
    }

    std::optional<OutboundRequest> find_charge(const std::string&) const override
    {
        return std::nullopt;
    }
    PcAnswer<ports::PcCharge> charge_found(
        const std::string&, const InboundResponse&) const override
    {
        return failed(PcError::unknown);
    }
    std::optional<OutboundRequest> charge_by_id(const std::string&) const override
    {
        return std::nullopt;
    }
    PcAnswer<ports::PcCharge> charge_told(const InboundResponse&) const override
    {
        return failed(PcError::unknown);
    }
    std::optional<OutboundRequest> active_sessions() const override { return std::nullopt; }
    PcAnswer<std::vector<ports::PcSession>> sessions_told(const InboundResponse&) const override
    {
        return failed(PcError::refused);
    }
    std::optional<OutboundRequest> capabilities() const override { return std::nullopt; }
    PcAnswer<ports::PcCapabilities> capabilities_told(const InboundResponse&) const override
    {
        return failed(PcError::refused);
    }
};

} // namespace

const Mapping& legacy_mapping()
{
    static const LegacyMapping mapping;
    return mapping;
}

} // namespace iwas::adapters

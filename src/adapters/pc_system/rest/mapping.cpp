#include "adapters/pc_system/rest/mapping.hpp"

#include "adapters/pc_system/rest/json_fields.hpp"
#include "adapters/pc_system/rest/profiles.hpp"
#include "core/percent_encoding.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace iwas::adapters {

namespace json = boost::json;
using http::InboundResponse;
using http::Method;
using http::OutboundRequest;
using ports::PcError;
using ports::PcFailure;

const Mapping& mapping_for(domain::PcSystemProfile profile)
{
    switch (profile) {
    case domain::PcSystemProfile::connector_v1: return connector_mapping();
    case domain::PcSystemProfile::legacy: return legacy_mapping();
    }
    return connector_mapping();
}

PcFailure failure_of(http::ClientError error)
{
    switch (error) {
    case http::ClientError::unreachable: return {.error = PcError::unavailable};
    case http::ClientError::timeout_unknown:
    case http::ClientError::bad_response:
    case http::ClientError::too_large: break;
    }
    return {.error = PcError::unknown};
}

std::string uuid_text(const Ulid& key)
{
    std::array<std::uint8_t, 16> octets{};
    for (std::size_t i = 0; i < 8; ++i) {
        octets[i] = static_cast<std::uint8_t>(key.high() >> (56 - 8 * i));
        octets[i + 8] = static_cast<std::uint8_t>(key.low() >> (56 - 8 * i));
    }
    std::string text = to_hex(octets);
    for (const std::size_t at : {20U, 16U, 12U, 8U})
        text.insert(at, 1, '-');
    return text;
}

std::unexpected<PcFailure> rate_limited(const InboundResponse& response)
{
    PcFailure failure{.error = PcError::rate_limited};
    const std::string_view text = response.headers.value("Retry-After");
    int seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error == std::errc{} && end == text.data() + text.size() && seconds >= 0 && seconds <= 3600)
        failure.retry_after = Seconds{seconds};
    return std::unexpected(failure);
}

OutboundRequest get_request(std::string target)
{
    return {Method::get, std::move(target), {}, {}};
}

OutboundRequest post_request(std::string target, const json::object& body)
{
    OutboundRequest request{Method::post, std::move(target), {}, json::serialize(body)};
    request.headers.set("Content-Type", "application/json");
    return request;
}

namespace {

constexpr std::string_view currency = "VND";

/// The clear refusals of the contract, each only under its own status. Anything else, such as a
/// proxy's page or a server error, leaves the outcome unknown.
std::unexpected<PcFailure> refusal(const InboundResponse& response)
{
    if (response.status == 429) return rate_limited(response);
    const auto body = json_fields::parse_object(response.body);
    const json::object* error = body ? json_fields::object(*body, "error") : nullptr;
    if (error == nullptr) return failed(PcError::unknown);
    const std::string code = json_fields::text(*error, "code").value_or("");

    struct Row {
        int status;
        std::string_view code;
        PcError meaning;
    };
    static constexpr std::array<Row, 13> rows{{
        {400, "INVALID_REQUEST", PcError::refused},
        {401, "UNAUTHENTICATED", PcError::unavailable}, // our branch key: nothing was done
        {402, "INSUFFICIENT_BALANCE", PcError::insufficient_balance},
        {403, "ACCOUNT_SUSPENDED", PcError::account_suspended},
        {403, "ACCOUNT_EXPIRED", PcError::account_suspended},
        {403, "FORBIDDEN", PcError::refused},
        {404, "MEMBER_NOT_FOUND", PcError::not_found},
        {404, "CHARGE_NOT_FOUND", PcError::not_found},
        {409, "IN_PROGRESS", PcError::unknown},
        {409, "ALREADY_REFUNDED", PcError::refused},
        {409, "IDEMPOTENCY_CONFLICT", PcError::unknown}, // the key did something, but what?
        {422, "INVALID_CREDENTIALS", PcError::invalid_credentials},
        {501, "NOT_SUPPORTED", PcError::refused},
    }};
    for (const Row& row : rows) {
        if (row.status != response.status || row.code != code) continue;
        PcFailure failure{.error = row.meaning};
        if (row.meaning == PcError::insufficient_balance) {
            const json::object* details = json_fields::object(*error, "details");
            const auto available =
                details != nullptr ? json_fields::integer(*details, "available") : std::nullopt;
            if (available && *available >= 0) failure.available = Money{*available};
        }
        return std::unexpected(failure);
    }
    return failed(PcError::unknown);
}

/// A charge that the PC system calls succeeded; nothing for any other state or a missing field.
std::optional<ports::PcCharge> read_charge(const json::object& charge)
{
    const auto id = json_fields::identifier(charge, "id");
    const auto member = json_fields::identifier(charge, "member_id");
    const auto amount = json_fields::integer(charge, "amount");
    const auto refunded = json_fields::integer(charge, "refunded_total");
    if (!id || !member || !amount || *amount <= 0) return std::nullopt;
    if (json_fields::text(charge, "status") != "succeeded" ||
        json_fields::text(charge, "currency") != currency)
        return std::nullopt;
    return ports::PcCharge{
        .id = *id,
        .reference = json_fields::identifier(charge, "reference").value_or(""),
        .member_id = *member,
        .amount = Money{*amount},
        .refunded_total = Money{refunded.value_or(0)}};
}

class ConnectorMapping final : public Mapping {
public:
    OutboundRequest verify(
        const std::string& user_name, const SecretText& password,
        std::optional<MacAddress> device) const override
    {
        json::object body;
        body["username"] = user_name;
        body["password"] = password.reveal();
        if (device) body["device_mac"] = to_string(*device);
        return post_request("/v1/members/verify", body);
    }

    PcAnswer<ports::PcMember> verified(const InboundResponse& response) const override
    {
        if (response.status != 200) return refusal(response);
        const auto body = json_fields::parse_object(response.body);
        const json::object* member = body ? json_fields::object(*body, "member") : nullptr;
        if (member == nullptr) return failed(PcError::unknown);
        const auto id = json_fields::identifier(*member, "id");
        const auto status = json_fields::text(*member, "status");
        if (!id || !status) return failed(PcError::unknown);
        if (*status == "suspended" || *status == "expired")
            return failed(PcError::account_suspended);
        if (*status != "active") return failed(PcError::unknown);
        const json::object* session = json_fields::object(*body, "session");
        const std::string user_name = json_fields::text(*member, "username").value_or(*id);
        return ports::PcMember{
            .id = *id,
            .user_name = user_name,
            .display_name = json_fields::text(*member, "display_name").value_or(user_name),
            .is_at_pc = session != nullptr && json_fields::is_true(*session, "active")};
    }

    OutboundRequest balance(const std::string& member_id) const override
    {
        return get_request("/v1/members/" + percent_encode(member_id) + "/balance");
    }

    PcAnswer<Money> balance_told(const InboundResponse& response) const override
    {
        if (response.status != 200) return refusal(response);
        const auto body = json_fields::parse_object(response.body);
        if (!body || json_fields::text(*body, "currency") != currency)
            return failed(PcError::unknown);
        const auto chargeable = json_fields::integer(*body, "chargeable");
        if (!chargeable) return failed(PcError::unknown);
        return Money{std::max<std::int64_t>(*chargeable, 0)};
    }

    OutboundRequest charge(const ports::PcChargeOrder& order) const override
    {
        json::object body;
        body["member_id"] = order.member_id;
        body["amount"] = order.amount.vnd();
        body["currency"] = currency;
        body["description"] = order.description;
        body["reference"] = order.reference;
        OutboundRequest request = post_request("/v1/charges", body);
        request.headers.set("Idempotency-Key", uuid_text(order.idempotency_key));
        return request;
    }

    PcAnswer<ports::PcCharge> charged(
        const ports::PcChargeOrder& order, const InboundResponse& response) const override
    {
        if (response.status != 200 && response.status != 201) return refusal(response);
        auto charge = charge_in(response);
        if (!charge || charge->member_id != order.member_id || charge->reference != order.reference)
            return failed(PcError::unknown);
        return *charge;
    }

    OutboundRequest refund(const ports::PcRefundOrder& order) const override
    {
        json::object body;
        body["amount"] = order.amount.vnd();
        body["reason"] = order.reason;
        OutboundRequest request =
            post_request("/v1/charges/" + percent_encode(order.charge_id) + "/refunds", body);
        request.headers.set("Idempotency-Key", uuid_text(order.idempotency_key));
        return request;
    }

    PcAnswer<std::string> refunded(
        const ports::PcRefundOrder& order, const InboundResponse& response) const override
    {
        if (response.status != 200 && response.status != 201) return refusal(response);
        const auto body = json_fields::parse_object(response.body);
        const json::object* refund = body ? json_fields::object(*body, "refund") : nullptr;
        if (refund == nullptr) return failed(PcError::unknown);
        const auto id = json_fields::identifier(*refund, "id");
        const auto amount = json_fields::integer(*refund, "amount");
        if (!id || amount != order.amount.vnd() ||
            json_fields::text(*refund, "status") != "succeeded")
            return failed(PcError::unknown);
        return *id;
    }

    ports::PcAbilities abilities() const override { return {}; }

    std::optional<OutboundRequest> find_charge(const std::string& reference) const override
    {
        return get_request("/v1/charges?reference=" + percent_encode(reference));
    }

    PcAnswer<ports::PcCharge> charge_found(
        const std::string& reference, const InboundResponse& response) const override
    {
        if (response.status != 200) return looked_up_in_vain(response);
        const auto body = json_fields::parse_object(response.body);
        const json::value* list = body ? body->if_contains("charges") : nullptr;
        if (list == nullptr || !list->is_array()) return failed(PcError::unknown);
        const json::array& charges = list->get_array();
        if (charges.empty()) return failed(PcError::not_found);
        // Two charges under one reference must not exist: a person has to look.
        if (charges.size() > 1 || !charges[0].is_object()) return failed(PcError::unknown);
        auto charge = read_charge(charges[0].get_object());
        if (!charge || charge->reference != reference) return failed(PcError::unknown);
        return *charge;
    }

    std::optional<OutboundRequest> charge_by_id(const std::string& charge_id) const override
    {
        return get_request("/v1/charges/" + percent_encode(charge_id));
    }

    PcAnswer<ports::PcCharge> charge_told(const InboundResponse& response) const override
    {
        if (response.status != 200) return looked_up_in_vain(response);
        auto charge = charge_in(response);
        if (!charge) return failed(PcError::unknown);
        return *charge;
    }

    std::optional<OutboundRequest> active_sessions() const override
    {
        return get_request("/v1/sessions?active=true");
    }

    PcAnswer<std::vector<ports::PcSession>> sessions_told(
        const InboundResponse& response) const override
    {
        if (response.status != 200) return refusal(response);
        const auto body = json_fields::parse_object(response.body);
        const json::value* list = body ? body->if_contains("sessions") : nullptr;
        if (list == nullptr || !list->is_array() || list->get_array().size() > sessions_max)
            return failed(PcError::unknown);
        std::vector<ports::PcSession> sessions;
        for (const json::value& row : list->get_array()) {
            // One bad row spoils the snapshot: a missing row would look like a logout.
            const json::object* session = row.if_object();
            if (session == nullptr) return failed(PcError::unknown);
            const auto id = json_fields::identifier(*session, "session_id");
            const auto member = json_fields::identifier(*session, "member_id");
            const auto started =
                from_rfc3339(json_fields::text(*session, "started_at").value_or(""));
            if (!id || !member || !started) return failed(PcError::unknown);
            sessions.push_back(
                {.session_id = *id,
                 .member_id = *member,
                 .user_name = json_fields::text(*session, "username").value_or(""),
                 .pc_name = json_fields::text(*session, "pc_name").value_or(""),
                 .started_at = *started});
        }
        return sessions;
    }

    std::optional<OutboundRequest> capabilities() const override
    {
        return get_request("/v1/capabilities");
    }

    PcAnswer<ports::PcCapabilities> capabilities_told(
        const InboundResponse& response) const override
    {
        if (response.status != 200) return refusal(response);
        const auto body = json_fields::parse_object(response.body);
        const json::object* features = body ? json_fields::object(*body, "features") : nullptr;
        const auto contract = body ? json_fields::text(*body, "contract") : std::nullopt;
        if (features == nullptr || !contract) return failed(PcError::unknown);
        return ports::PcCapabilities{
            .contract = *contract,
            .product = json_fields::text(*body, "product").value_or(""),
            .currency = json_fields::text(*body, "currency").value_or(""),
            .can_charge = json_fields::is_true(*features, "charge"),
            .can_refund = json_fields::is_true(*features, "refund"),
            .pushes_events = json_fields::is_true(*features, "events_webhook"),
            .lists_sessions = json_fields::is_true(*features, "events_poll")};
    }

private:
    static std::optional<ports::PcCharge> charge_in(const InboundResponse& response)
    {
        const auto body = json_fields::parse_object(response.body);
        const json::object* charge = body ? json_fields::object(*body, "charge") : nullptr;
        if (charge == nullptr) return std::nullopt;
        return read_charge(*charge);
    }

    /// Of a look-up only CHARGE_NOT_FOUND means absent; every other no means "cannot tell".
    static std::unexpected<PcFailure> looked_up_in_vain(const InboundResponse& response)
    {
        const auto body = json_fields::parse_object(response.body);
        const json::object* error = body ? json_fields::object(*body, "error") : nullptr;
        if (response.status == 404 && error != nullptr &&
            json_fields::text(*error, "code") == "CHARGE_NOT_FOUND")
            return failed(PcError::not_found);
        if (response.status == 429) return rate_limited(response);
        return failed(PcError::unknown);
    }
};

} // namespace

const Mapping& connector_mapping()
{
    static const ConnectorMapping mapping;
    return mapping;
}

} // namespace iwas::adapters

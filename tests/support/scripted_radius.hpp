// For tests: a RADIUS server with a list of users, as a function from request to reply.
#pragma once

#include "protocol/radius/authenticator.hpp"
#include "protocol/radius/packet_writer.hpp"
#include "protocol/radius/password.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace iwas::tests {

/// What an accounting record said.
struct AccountingRecord {
    std::uint32_t status = 0;
    std::string acct_session_id;
    std::string user_name;
    std::string class_;
    std::uint64_t up_octets = 0;
    std::uint64_t down_octets = 0;
    std::uint32_t session_time_s = 0;
    std::uint32_t terminate_cause = 0;

    friend bool operator==(const AccountingRecord&, const AccountingRecord&) = default;
};

class ScriptedRadius {
public:
    /// Adds attributes to an Access-Accept.
    using Grant = std::function<void(radius::PacketWriter&)>;
    struct User {
        std::string password;
        Grant grant;
    };

    explicit ScriptedRadius(const std::string& secret) : secret_{SecretText{secret}} {}

    std::map<std::string, User> users;
    std::vector<AccountingRecord> accounting;
    std::function<void(const AccountingRecord&)> on_accounting;
    std::vector<std::string> access_users; // of every Access-Request, in order
    /// Whether it answers at all.
    bool is_silent = false;
    bool sends_message_authenticator = true;

    [[nodiscard]] const radius::SharedSecret& secret() const { return secret_; }

    std::optional<Bytes> answer(ByteView datagram)
    {
        const auto request = radius::decode(datagram);
        if (!request || is_silent) return std::nullopt;
        if (request->code() == radius::Code::access_request) return authenticate(*request);
        if (request->code() != radius::Code::accounting_request) return std::nullopt;
        if (!radius::is_authenticator_right(*request, {}, secret_)) return std::nullopt;
        accounting.push_back(record_of(*request));
        if (on_accounting) on_accounting(accounting.back());
        return reply(*request, radius::Code::accounting_response, {});
    }

private:
    static std::string text(const radius::PacketView& packet, std::uint8_t type)
    {
        const auto value = packet.find(type);
        return value ? std::string{as_text(*value)} : std::string{};
    }

    static AccountingRecord record_of(const radius::PacketView& packet)
    {
        namespace attribute = radius::attribute;
        const auto number = [&packet](std::uint8_t type) {
            return packet.find_integer(type).value_or(0);
        };
        const auto octets = [&number](std::uint8_t low, std::uint8_t high) {
            return std::uint64_t{number(high)} << 32 | number(low);
        };
        return {
            number(attribute::acct_status_type),
            text(packet, attribute::acct_session_id),
            text(packet, attribute::user_name),
            text(packet, attribute::class_),
            octets(attribute::acct_input_octets, attribute::acct_input_gigawords),
            octets(attribute::acct_output_octets, attribute::acct_output_gigawords),
            number(attribute::acct_session_time),
            number(attribute::acct_terminate_cause),
        };
    }

    std::optional<Bytes> authenticate(const radius::PacketView& request)
    {
        namespace attribute = radius::attribute;
        const auto base = request.authenticator();
        if (radius::check_message_authenticator(request, base, secret_) !=
            radius::MessageAuthenticator::right)
            return std::nullopt;
        const std::string name = text(request, attribute::user_name);
        access_users.push_back(name);
        const auto user = users.find(name);
        bool is_right = false;
        if (user != users.end()) {
            const auto password = as_bytes(user->second.password);
            if (const auto hidden = request.find(attribute::user_password)) {
                const auto clear = radius::reveal_password(*hidden, base, secret_);
                is_right = clear && equal_constant_time(clear->view(), password);
            } else if (const auto chap = request.find(attribute::chap_password)) {
                const auto challenge = request.find(attribute::chap_challenge);
                is_right = challenge && radius::is_chap_right(*chap, *challenge, password);
            }
        }
        if (!is_right)
            return reply(request, radius::Code::access_reject, [](radius::PacketWriter& writer) {
                writer.add_text(attribute::reply_message, "no such ticket");
            });
        return reply(request, radius::Code::access_accept, user->second.grant);
    }

    Bytes reply(const radius::PacketView& request, radius::Code code, const Grant& grant)
    {
        radius::PacketBuffer buffer;
        radius::PacketWriter writer{buffer, code, request.identifier(), request.authenticator()};
        if (sends_message_authenticator && code != radius::Code::accounting_response)
            writer.add_message_authenticator();
        if (grant) grant(writer);
        const auto octets = writer.finish(secret_);
        return {octets->begin(), octets->end()};
    }

    radius::SharedSecret secret_;
};

} // namespace iwas::tests

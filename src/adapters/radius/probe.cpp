#include "adapters/radius/probe.hpp"

#include "protocol/radius/describe.hpp"
#include "protocol/radius/password.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>

namespace iwas::adapters {

namespace asio = boost::asio;
using radius::Code;

namespace {

namespace attribute = radius::attribute;

void add_credentials(
    radius::PacketWriter& writer, const ProbeRequest& request, const radius::SharedSecret& secret)
{
    const ByteView password = as_bytes(request.password.reveal());
    writer.add_text(attribute::user_name, request.user_name);
    if (request.kind == ProbeKind::chap) {
        radius::Authenticator challenge{};
        RAND_bytes(challenge.data(), static_cast<int>(challenge.size()));
        writer.add(attribute::chap_password, radius::chap_password(1, challenge, password));
        writer.add(attribute::chap_challenge, challenge);
    } else {
        radius::add_user_password(writer, password, secret);
    }
    writer.add_text(attribute::calling_station_id, request.calling_station_id);
}

std::string_view meaning_of(Code code)
{
    switch (code) {
    case Code::access_accept: return "The server accepts; the shared secret is right.";
    case Code::access_reject:
        return "The server refuses these credentials; the shared secret is right.";
    case Code::access_challenge: return "The server wants another round, as with one-time codes.";
    case Code::accounting_response:
        return "The accounting port answers; the shared secret is right.";
    case Code::protocol_error: return "The server could not serve the request; see Error-Cause.";
    case Code::access_request:
    case Code::accounting_request:
    case Code::status_server:
    case Code::disconnect_request:
    case Code::disconnect_ack:
    case Code::disconnect_nak:
    case Code::coa_request:
    case Code::coa_ack:
    case Code::coa_nak: break;
    }
    return "";
}

std::string why_silent(AskError error, const RadiusTarget& target, std::uint64_t bad_answers)
{
    const std::string where = fmt::format("{}:{}", to_string(target.address), target.port);
    if (error == AskError::unreachable) return "Nothing could be sent to " + where + ".\n";
    if (bad_answers > 0)
        return fmt::format(
            "{} answered, but no answer verified: the shared secret is another one{}.\n", where,
            target.requires_message_authenticator ? ", or it sends no Message-Authenticator" : "");
    return fmt::format(
        "No answer from {}: it is off, a firewall is between, it does not know this address as a "
        "client, or the shared secret is another one.\n",
        where);
}

std::optional<Bytes> octets_of(std::string_view hex)
{
    std::string digits;
    for (const char c : hex)
        if (c != ' ' && c != ':' && c != '\n' && c != '\r' && c != '\t') digits += c;
    return from_hex(digits);
}

} // namespace

asio::awaitable<ProbeResult> probe(
    RadiusRequester& requester, RadiusTarget target, ProbeRequest request, SteadyTime deadline)
{
    const auto secret = target.secret;
    const std::uint64_t bad_before = requester.bad_answers();
    const Code code =
        request.kind == ProbeKind::status ? Code::status_server : Code::access_request;
    RadiusRequester::Fill fill = [request, secret](radius::PacketWriter& writer) {
        if (request.kind != ProbeKind::status) add_credentials(writer, request, *secret);
        writer.add_text(attribute::nas_identifier, request.nas_identifier);
    };
    const auto answer = co_await requester.ask(target, code, std::move(fill), deadline);
    ProbeResult result;
    if (!answer) {
        result.text = why_silent(answer.error(), target, requester.bad_answers() - bad_before);
        co_return result;
    }
    const radius::PacketView packet = answer->packet();
    result.is_answered = true;
    result.is_positive =
        packet.code() == Code::access_accept || packet.code() == Code::accounting_response;
    result.took = answer->took;
    result.text = radius::to_text(packet, {.secret = secret.get(), .request = answer->request});
    result.text += fmt::format(
        "{} Answered after {} ms, attempt {}.\n", meaning_of(packet.code()), answer->took.count(),
        answer->attempts);
    co_return result;
}

Result<std::string, std::string> describe_packet(
    std::string_view packet_hex, const SecretText& secret, std::string_view request_hex)
{
    const auto octets = octets_of(packet_hex);
    if (!octets) return std::unexpected{"The packet is not hexadecimal."};
    const auto packet = radius::decode(*octets);
    if (!packet)
        return std::unexpected{
            fmt::format("This is no RADIUS packet: {}.", radius::explain(packet.error()))};

    std::optional<radius::SharedSecret> shared;
    if (!secret.empty()) shared.emplace(secret);
    radius::DescribeOptions options;
    options.secret = shared ? &*shared : nullptr;
    if (!request_hex.empty()) {
        const auto request_octets = octets_of(request_hex);
        if (!request_octets) return std::unexpected{"The request is not hexadecimal."};
        const auto request = radius::decode(*request_octets);
        if (!request)
            return std::unexpected{fmt::format(
                "The request is no RADIUS packet: {}.", radius::explain(request.error()))};
        options.request = request->authenticator();
    }
    return radius::to_text(*packet, options);
}

} // namespace iwas::adapters

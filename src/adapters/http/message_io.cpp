#include "adapters/http/message_io.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace iwas::http::detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using boost::system::error_code;

namespace {

/// What one read may bring.
constexpr std::size_t read_octets_min = 4 * 1024;
constexpr std::size_t read_octets_max = 16 * 1024;
/// What a parser may leave in the buffer while it waits for more. It bounds heads itself; this is
/// for the lines between the chunks of a body.
constexpr std::size_t unparsed_octets_max = 64 * 1024;

template <bool is_request>
bool is_there(const wire::basic_parser<is_request>& parser, Part part)
{
    return part == Part::head ? parser.is_header_done() : parser.is_done();
}

/// Hands the parser what is in the buffer.
template <bool is_request>
error_code parse(beast::flat_buffer& buffer, wire::basic_parser<is_request>& parser, Part part)
{
    while (buffer.size() > 0 && !is_there(parser, part)) {
        error_code error;
        const std::size_t used = parser.put(buffer.cdata(), error);
        buffer.consume(used);
        if (error == wire::error::need_more || (!error && used == 0)) break;
        if (error) return error;
    }
    const bool is_stuck = !is_there(parser, part) && buffer.size() > unparsed_octets_max;
    return is_stuck ? make_error_code(wire::error::buffer_overflow) : error_code{};
}

template <bool is_request>
std::size_t octets_to_read(const wire::basic_parser<is_request>& parser)
{
    const auto left = parser.is_header_done() ? parser.content_length_remaining() : boost::none;
    return static_cast<std::size_t>(
        std::clamp<std::uint64_t>(left.value_or(0), read_octets_min, read_octets_max));
}

template <bool is_request>
asio::awaitable<error_code> read(
    Transport& transport, beast::flat_buffer& buffer, wire::basic_parser<is_request>& parser,
    Part part, SteadyTime until)
{
    parser.eager(part == Part::whole);
    error_code error = parse(buffer, parser, part);
    while (!error && !is_there(parser, part)) {
        const auto space = buffer.prepare(octets_to_read(parser));
        const Arrived arrived = co_await transport.read_some(space, until);
        buffer.commit(arrived.octets);
        if (!arrived.error)
            error = parse(buffer, parser, part);
        else if (arrived.error != asio::error::eof)
            error = arrived.error;
        else if (parser.got_some())
            parser.put_eof(error);
        else
            error = wire::error::end_of_stream;
        if (arrived.error) break;
    }
    co_return error;
}

void append_fields(std::string& head, const wire::fields& fields)
{
    for (const auto& field : fields) {
        head += field.name_string();
        head += ": ";
        head += field.value();
        head += "\r\n";
    }
    head += "\r\n";
}

} // namespace

asio::awaitable<error_code> read_message(
    Transport& transport, beast::flat_buffer& buffer, wire::basic_parser<true>& request, Part part,
    SteadyTime until)
{
    return read(transport, buffer, request, part, until);
}

asio::awaitable<error_code> read_message(
    Transport& transport, beast::flat_buffer& buffer, wire::basic_parser<false>& response,
    Part part, SteadyTime until)
{
    return read(transport, buffer, response, part, until);
}

std::string head_of(const wire::request_header<>& request)
{
    std::string head{request.method_string()};
    head += ' ';
    head += request.target();
    head += " HTTP/1.1\r\n";
    append_fields(head, request);
    return head;
}

std::string head_of(const wire::response_header<>& response)
{
    std::string head = "HTTP/1.1 " + std::to_string(response.result_int()) + ' ';
    head += response.reason();
    head += "\r\n";
    append_fields(head, response);
    return head;
}

} // namespace iwas::http::detail

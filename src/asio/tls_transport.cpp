#include "asio/tls_transport.hpp"

#include "asio/as_result.hpp"
#include "core/assert.hpp"
#include "core/bytes.hpp"
#include "core/ip_address.hpp"

#include <boost/asio/ssl/error.hpp>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <new>

namespace iwas {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// What a record holds at most (RFC 8446 §5.1).
constexpr std::size_t record_octets_max = 16 * 1024;

error_code reason_of_failure()
{
    const unsigned long reason = ERR_get_error();
    if (reason == 0) return asio::ssl::error::unspecified_system_error;
    return {static_cast<int>(reason), asio::error::get_ssl_category()};
}

} // namespace

void TlsTransport::Free::operator()(SSL* ssl) const
{
    SSL_free(ssl);
}

TlsTransport::TlsTransport(asio::any_io_executor executor, asio::ssl::context& context)
    : Transport{executor}, sent_{executor, no_limit}
{
    begin(context);
    SSL_set_connect_state(ssl_.get());
}

TlsTransport::TlsTransport(asio::ip::tcp::socket socket, asio::ssl::context& context)
    : Transport{std::move(socket)}, sent_{Transport::socket().get_executor(), no_limit}
{
    begin(context);
    SSL_set_accept_state(ssl_.get());
}

/// OpenSSL reads from one buffer and writes to another, never to the socket.
void TlsTransport::begin(asio::ssl::context& context)
{
    ssl_.reset(SSL_new(context.native_handle()));
    from_peer_ = BIO_new(BIO_s_mem());
    to_peer_ = BIO_new(BIO_s_mem());
    if (!ssl_ || from_peer_ == nullptr || to_peer_ == nullptr) {
        BIO_free(from_peer_);
        BIO_free(to_peer_);
        throw std::bad_alloc{};
    }
    SSL_set_bio(ssl_.get(), from_peer_, to_peer_);
    SSL_set_mode(ssl_.get(), SSL_MODE_RELEASE_BUFFERS);
}

bool TlsTransport::expect(const std::string& host)
{
    if (host.empty()) return false; // OpenSSL would take any name
    X509_VERIFY_PARAM* const wanted = SSL_get0_param(ssl_.get());
    SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, nullptr);
    return Ipv4Address::parse(host)
               ? X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1
               : X509_VERIFY_PARAM_set1_host(wanted, host.data(), host.size()) == 1;
}

void TlsTransport::ask_for(const std::string& host)
{
    SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
}

std::string TlsTransport::certificate_sha256() const
{
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{
        SSL_get1_peer_certificate(ssl_.get()), &X509_free};
    std::array<std::uint8_t, 32> digest{};
    unsigned size = 0;
    if (!certificate || X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1)
        return {};
    return to_hex(digest);
}

asio::awaitable<error_code> TlsTransport::shake_hands(SteadyTime until)
{
    const Arrived shaken = co_await carry_out(Step::shake_hands, {}, until);
    co_return shaken.error;
}

asio::awaitable<Arrived> TlsTransport::read_some(asio::mutable_buffer into, SteadyTime until)
{
    const std::span<char> octets{static_cast<char*>(into.data()), into.size()};
    const Arrived arrived = co_await carry_out(Step::read, octets, until);
    co_return arrived;
}

asio::awaitable<error_code> TlsTransport::write(
    asio::const_buffer first, asio::const_buffer second, SteadyTime until)
{
    std::string record(std::min(first.size() + second.size(), record_octets_max), '\0');
    error_code error;
    while (!error && first.size() + second.size() > 0) {
        // In one record what fits, so that a short answer is one record.
        std::size_t size = asio::buffer_copy(asio::buffer(record), first);
        first += size;
        const std::size_t more = asio::buffer_copy(asio::buffer(record) + size, second);
        second += more;
        size += more;
        const Arrived sent = co_await carry_out(Step::write, {record.data(), size}, until);
        error = sent.error;
    }
    OPENSSL_cleanse(record.data(), record.size()); // it may have held a password
    co_return error;
}

asio::awaitable<void> TlsTransport::say_goodbye(SteadyTime until)
{
    co_await carry_out(Step::say_goodbye, {}, until);
    co_await Transport::say_goodbye(until);
}

/// One call of OpenSSL: above 0 when the step is done, else SSL_get_error tells what it lacks.
int TlsTransport::call(Step step, std::span<char> octets)
{
    const int size = static_cast<int>(std::min(octets.size(), record_octets_max));
    ERR_clear_error();
    switch (step) {
    case Step::shake_hands: return SSL_do_handshake(ssl_.get());
    case Step::read: return SSL_read(ssl_.get(), octets.data(), size);
    case Step::write: return SSL_write(ssl_.get(), octets.data(), size);
    case Step::say_goodbye: {
        const int said = SSL_shutdown(ssl_.get());
        return said == 0 ? SSL_shutdown(ssl_.get()) : said; // 0: not answered yet
    }
    }
    IWAS_ASSERT(false);
    return 0;
}

asio::awaitable<Arrived> TlsTransport::carry_out(
    Step step, std::span<char> octets, SteadyTime until)
{
    for (;;) {
        const int done = call(step, octets);
        const int lack = SSL_get_error(ssl_.get(), done);
        const error_code failure = lack == SSL_ERROR_SSL ? reason_of_failure() : error_code{};
        // Before any wait, and after a failure too: the peer then learns why.
        const error_code unsent = co_await send_sealed(step, until);
        if (failure) co_return Arrived{failure};
        if (unsent) co_return Arrived{unsent};
        if (done > 0) co_return Arrived{{}, static_cast<std::size_t>(done)};
        if (lack == SSL_ERROR_ZERO_RETURN) co_return Arrived{asio::error::eof};
        if (lack != SSL_ERROR_WANT_READ) co_return Arrived{asio::ssl::error::unexpected_result};
        const error_code missing = co_await receive_sealed(until);
        if (missing) co_return Arrived{missing};
    }
}

/// Sends what OpenSSL has for the peer. A reader beside a writer may come here too; then the one
/// that is sending takes along what the other adds. A reader goes on to read meanwhile; a writer
/// has written only when it is sent, and his limit holds whoever sends.
asio::awaitable<error_code> TlsTransport::send_sealed(Step step, SteadyTime until)
{
    if (is_sending_) {
        if (step == Step::read) co_return error_code{};
        send_until_ = std::min(send_until_, until);
        hasten_write(send_until_);
        while (is_sending_)
            co_await sent_.async_wait(as_result);
        co_return send_error_;
    }
    error_code error;
    is_sending_ = true;
    send_until_ = until;
    while (!error) {
        std::string sealed(BIO_ctrl_pending(to_peer_), '\0');
        const int size = BIO_read(to_peer_, sealed.data(), static_cast<int>(sealed.size()));
        if (size <= 0) break;
        error = co_await Transport::write(
            asio::buffer(sealed.data(), static_cast<std::size_t>(size)), {}, send_until_);
    }
    is_sending_ = false;
    send_error_ = error;
    sent_.cancel();
    co_return error;
}

asio::awaitable<error_code> TlsTransport::receive_sealed(SteadyTime until)
{
    // A writer beside a reader comes here only when the peer wants new keys: not with us.
    if (is_receiving_) co_return asio::error::already_started;
    is_receiving_ = true;
    const Arrived arrived = co_await Transport::read_some(asio::buffer(received_), until);
    is_receiving_ = false;
    if (arrived.error == asio::error::eof) co_return asio::ssl::error::stream_truncated;
    if (arrived.error) co_return arrived.error;
    const int size = static_cast<int>(arrived.octets);
    if (BIO_write(from_peer_, received_.data(), size) != size) throw std::bad_alloc{};
    co_return error_code{};
}

} // namespace iwas

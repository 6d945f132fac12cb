// The hot path of RADIUS takes no memory: nothing is allocated between a datagram and its reply.
#include "adapters/radius/test_support.hpp"

#include <openssl/crypto.h>

#include <cstdlib>
#include <new>

namespace {

std::uint64_t allocations = 0;

void* counted(std::size_t size)
{
    ++allocations;
    void* const memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) throw std::bad_alloc{};
    return memory;
}

void* counted_by_openssl(std::size_t size, const char*, int)
{
    ++allocations;
    return std::malloc(size);
}
void* moved_by_openssl(void* memory, std::size_t size, const char*, int)
{
    ++allocations;
    return std::realloc(memory, size);
}
void freed_by_openssl(void* memory, const char*, int)
{
    std::free(memory);
}

/// OpenSSL takes other functions only before its first allocation.
const int openssl_is_counted =
    CRYPTO_set_mem_functions(counted_by_openssl, moved_by_openssl, freed_by_openssl);

} // namespace

void* operator new(std::size_t size)
{
    return counted(size);
}
void* operator new[](std::size_t size)
{
    return counted(size);
}
void operator delete(void* memory) noexcept
{
    std::free(memory);
}
void operator delete[](void* memory) noexcept
{
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept
{
    std::free(memory);
}

namespace iwas::adapters {
namespace {

using namespace testing_support;
namespace attribute = radius::attribute;
using radius::Code;
using radius::PacketWriter;

constexpr int requests = 1'000;

/// Requests of that many users, each from a port of its own.
class HotPath : public ::testing::Test {
protected:
    HotPath()
    {
        for (int i = 0; i < requests; ++i) {
            ports::Admission one = admission("user" + std::to_string(i), "pw");
            one.session = domain::SessionId{Ulid{1, static_cast<std::uint64_t>(i) + 1}};
            one.octets_left = (1ULL << 32) + 7;
            one.vlan = 20;
            cafe.directory.admit(std::move(one));
        }
        // What is set up once, such as a logger or a table, is none of a packet's.
        (void)cafe.log_in("user0", "pw");
    }

    template <class Add>
    std::vector<Bytes> build(Code code, Add add)
    {
        std::vector<Bytes> built;
        for (int i = 0; i < requests; ++i)
            built.push_back(make_request(code, cafe.secret, [&](PacketWriter& writer) {
                add(writer, "user" + std::to_string(i));
            }));
        return built;
    }

    /// How often memory was taken while all of them were answered with `expected`.
    std::uint64_t allocations_of(const std::vector<Bytes>& datagrams, Code expected)
    {
        RadiusSource source = router_source;
        source.port = next_port;
        next_port += requests;
        int answered = 0;
        const std::uint64_t before = allocations;
        for (const Bytes& datagram : datagrams) {
            const auto outcome = cafe.ask(datagram, source);
            const ByteView reply = outcome.delay.count() > 0
                                       ? cafe.access.delayed_reply(outcome.ticket)
                                       : outcome.reply;
            const auto packet = radius::decode(reply);
            if (packet && packet->code() == expected) ++answered;
            ++source.port;
        }
        const std::uint64_t taken = allocations - before;
        EXPECT_EQ(answered, requests);
        return taken;
    }

    Cafe cafe{router_client(), {.cache_entries = 16'384}};
    std::uint16_t next_port = 10'000;
};

TEST_F(HotPath, IsCountedAtAll)
{
    EXPECT_EQ(openssl_is_counted, 1);
    const std::uint64_t before = allocations;
    const auto one = std::make_unique<int>(1);
    EXPECT_EQ(allocations, before + 1);
}

TEST_F(HotPath, PapIsAcceptedWithoutAllocation)
{
    const auto datagrams = build(Code::access_request, [&](PacketWriter& writer, const auto& user) {
        writer.add_text(attribute::user_name, user);
        radius::add_user_password(writer, as_bytes("pw"), cafe.secret);
        writer.add_text(attribute::calling_station_id, "AA:BB:CC:00:00:01");
        writer.add_text(attribute::nas_identifier, "icafe");
    });
    EXPECT_EQ(allocations_of(datagrams, Code::access_accept), 0U);
}

TEST_F(HotPath, ChapIsAcceptedAndAWrongPasswordRefusedWithoutAllocation)
{
    const auto chap = build(Code::access_request, [&](PacketWriter& writer, const auto& user) {
        writer.add_text(attribute::user_name, user);
        writer.add(
            attribute::chap_password, radius::chap_password(1, writer.base(), as_bytes("pw")));
    });
    EXPECT_EQ(allocations_of(chap, Code::access_accept), 0U);
    const auto wrong = build(Code::access_request, [&](PacketWriter& writer, const auto& user) {
        writer.add_text(attribute::user_name, user);
        radius::add_user_password(writer, as_bytes("guess"), cafe.secret);
    });
    EXPECT_EQ(allocations_of(wrong, Code::access_reject), 0U);
}

} // namespace
} // namespace iwas::adapters

// Answers of a PC system, which may be broken, hostile, or not a PC system at all. Octet 0 chooses
// the status, the rest is the body. No doubt may become a success.
#include "adapters/pc_system/rest/mapping.hpp"
#include "core/assert.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

using namespace iwas;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    constexpr std::array<int, 12> statuses{200, 201, 202, 302, 400, 401,
                                           402, 403, 404, 409, 429, 503};
    const ports::PcChargeOrder order{
        .idempotency_key = Ulid{1, 2},
        .reference = "IWAS-1",
        .member_id = "4711",
        .amount = Money{12'000},
        .description = "d"};
    const ports::PcRefundOrder refund{
        .idempotency_key = Ulid{1, 3}, .charge_id = "ch_9", .amount = Money{12'000}, .reason = "r"};
    http::InboundResponse response;
    response.status = statuses[data[0] % statuses.size()];
    response.body.assign(reinterpret_cast<const char*>(data) + 1, size - 1);
    for (const auto profile :
         {domain::PcSystemProfile::connector_v1, domain::PcSystemProfile::legacy}) {
        const adapters::Mapping& mapping = adapters::mapping_for(profile);
        if (const auto charge = mapping.charged(order, response)) {
            IWAS_ASSERT(response.status == 200 || response.status == 201);
            IWAS_ASSERT(!charge->id.empty() && charge->member_id == order.member_id);
            IWAS_ASSERT(charge->amount > Money{0});
        }
        if (const auto refunded = mapping.refunded(refund, response))
            IWAS_ASSERT(!refunded->empty() && response.status < 500);
        if (const auto balance = mapping.balance_told(response))
            IWAS_ASSERT(*balance >= Money{0} && response.status < 300);
        if (const auto sessions = mapping.sessions_told(response))
            IWAS_ASSERT(sessions->size() <= adapters::sessions_max);
        if (const auto found = mapping.charge_found(order.reference, response))
            IWAS_ASSERT(found->reference == order.reference);
        (void)mapping.verified(response);
        (void)mapping.charge_told(response);
        (void)mapping.capabilities_told(response);
    }
    return 0;
}

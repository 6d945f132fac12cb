#include "adapters/router/mikrotik/pool.hpp"

namespace iwas::adapters {

namespace {

constexpr std::size_t retiring_max = 1'024;

bool is_same(const domain::RouterosApi& a, const domain::RouterosApi& b)
{
    return a.host == b.host && a.port == b.port && a.uses_tls == b.uses_tls &&
           a.certificate_sha256 == b.certificate_sha256 && a.user_name == b.user_name &&
           a.password.reveal() == b.password.reveal() && a.allows_old_login == b.allows_old_login;
}

} // namespace

MikrotikOptions mikrotik_options_of(const domain::RouterosApi& api)
{
    return {
        .wire =
            {.host = api.host,
             .port = api.port,
             .uses_tls = api.uses_tls,
             .certificate_sha256 = api.certificate_sha256},
        .user_name = api.user_name,
        .password = api.password,
        .allows_old_login = api.allows_old_login,
    };
}

MikrotikPool::MikrotikPool(
    boost::asio::any_io_executor executor, ports::Clock& clock, ports::Random& random)
    : executor_{executor}, clock_{clock}, random_{random}, tasks_{executor, retiring_max}
{
}

MikrotikPool::~MikrotikPool() = default;

std::shared_ptr<RouterApi> MikrotikPool::api_of(const domain::Router& router)
{
    if (router.kind != domain::RouterKind::mikrotik || !router.api) return nullptr;
    const domain::RouterosApi& api = *router.api;
    auto& entry = entries_[router.id];
    if (entry.client && is_same(entry.configuration, api)) return entry.client;
    if (entry.client) static_cast<void>(tasks_.spawn("routeros retire", retire(entry.client)));
    entry.configuration = api;
    entry.client =
        std::make_shared<MikrotikClient>(executor_, mikrotik_options_of(api), clock_, random_);
    return entry.client;
}

void MikrotikPool::keep_only(const domain::Catalog& catalog)
{
    std::erase_if(entries_, [&](const auto& each) {
        const domain::Router* const router = catalog.router(each.first);
        const bool is_kept =
            router != nullptr && router->kind == domain::RouterKind::mikrotik && router->api;
        if (!is_kept)
            static_cast<void>(tasks_.spawn("routeros retire", retire(each.second.client)));
        return !is_kept;
    });
}

std::map<domain::RouterId, CircuitBreaker::State> MikrotikPool::circuits() const
{
    std::map<domain::RouterId, CircuitBreaker::State> states;
    for (const auto& [id, entry] : entries_)
        states.emplace(id, entry.client->circuit());
    return states;
}

awaitable<void> MikrotikPool::stop()
{
    for (auto& [id, entry] : entries_)
        co_await entry.client->stop();
    tasks_.close();
    co_await tasks_.join();
}

/// Commands that run on the old client end with its connection.
awaitable<void> MikrotikPool::retire(std::shared_ptr<MikrotikClient> client)
{
    co_await client->stop();
}

} // namespace iwas::adapters

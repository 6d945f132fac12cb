#include "sim/world/phone.hpp"

#include "sim/world/cafe.hpp"

namespace iwas::sim {

namespace {

using workflows::PurchaseRequest;

MacAddress mac_of(int number, int change)
{
    return MacAddress{
        {0x02, 0x00, static_cast<std::uint8_t>(change), 0x00, 0x00,
         static_cast<std::uint8_t>(number)}};
}

Ipv4Address ip_of(int number)
{
    constexpr std::uint32_t network = 0xC0'A8'14'00; // 192.168.20.0
    return Ipv4Address{network + 9 + static_cast<std::uint32_t>(number)};
}

awaitable<Phone::BuyAnswer> begin_and_start(IwasLife* life, PurchaseRequest request)
{
    auto opened = co_await life->purchases().begin(request);
    if (opened && opened->is_new)
        life->tasks().start(
            "purchase", life->purchases().carry_out(opened->transaction, std::move(request)));
    co_return opened;
}

} // namespace

Phone::Phone(World& world, std::string user_name, int number)
    : world_{world}, user_name_{std::move(user_name)}, number_{number}, mac_{mac_of(number, 0)}
{
    join();
}

bool Phone::is_online()
{
    return world_.router(router_).model.is_online(mac_);
}

void Phone::join(const std::string& router)
{
    if (router != router_) leave();
    router_ = router;
    world_.router(router_).model.add_device(mac_, ip_of(number_));
    browse(1'000'000);
    visit_.id = world_.random().make_id<domain::VisitId>(world_.clock().utc_now());
    visit_.location = cafe_location;
    visit_.router = domain::RouterId::trusted(router_);
    visit_.mac = mac_;
    visit_.ip = ip_of(number_);
    visit_.login_url = "http://wifi.cafe/login";
    visit_.created_at = world_.clock().utc_now();
}

void Phone::leave()
{
    world_.router(router_).model.remove_device(mac_);
}

void Phone::change_mac()
{
    leave();
    mac_ = mac_of(number_, ++macs_);
    join(router_);
}

void Phone::browse(std::uint64_t bps)
{
    world_.router(router_).model.set_demand(mac_, bps / 10, bps);
}

Phone::Answer<Phone::SignInAnswer> Phone::sign_in(std::string password)
{
    std::function<awaitable<SignInAnswer>(IwasLife&)> work;
    workflows::LogInRequest request{
        .visit = visit_,
        .user_name = user_name_,
        .password = SecretText{password.empty() ? "pw-" + user_name_ : password},
        .peer_address = {},
    };
    if (is_guest())
        work = [visit = visit_](IwasLife& life) { return life.log_in().as_guest(visit, {}); };
    else
        work = [request](IwasLife& life) { return life.log_in().run(request); };
    auto answer = co_await world_.call<SignInAnswer>(std::move(work));
    if (answer && *answer) {
        account_ = (*answer)->account;
        visit_ = (*answer)->visit;
    }
    co_return answer;
}

Phone::Answer<Phone::BuyAnswer> Phone::buy(
    std::string package, std::string key, std::optional<domain::SessionId> extends,
    domain::PaymentMethod method, std::optional<domain::SavedMethodId> saved)
{
    const auto id = domain::PackageId::trusted(std::move(package));
    PurchaseRequest request{
        .account = account_,
        .visit = visit_,
        .package = id,
        .quoted_price = world_.catalog().packages.at(id).terms.price,
        .idempotency_key = std::move(key),
        .extends = extends,
        .method = method,
        .saved_method = saved,
    };
    std::function<awaitable<BuyAnswer>(IwasLife&)> work = [request](IwasLife& life) {
        return begin_and_start(&life, request);
    };
    return world_.call<BuyAnswer>(std::move(work));
}

awaitable<bool> Phone::prove()
{
    using Proof = Result<domain::Visit, workflows::LogInFailure>;
    workflows::LogInRequest request{
        .visit = visit_,
        .user_name = user_name_,
        .password = SecretText{"pw-" + user_name_},
        .peer_address = {},
    };
    std::function<awaitable<Proof>(IwasLife&)> work = [request,
                                                       account = account_](IwasLife& life) {
        return life.log_in().prove(request, account);
    };
    const auto proof = co_await world_.call<Proof>(std::move(work));
    if (!proof || !*proof) co_return false;
    visit_ = **proof;
    co_return true;
}

Phone::Answer<Phone::LinkAnswer> Phone::link(domain::PaymentMethod method)
{
    workflows::LinkRequest request{
        .account = account_, .visit = visit_, .method = method, .way = {}};
    std::function<awaitable<LinkAnswer>(IwasLife&)> work = [request](IwasLife& life) {
        return life.wallet().begin(request);
    };
    return world_.call<LinkAnswer>(std::move(work));
}

Phone::Answer<Phone::WalletAnswer> Phone::wallet()
{
    std::function<awaitable<WalletAnswer>(IwasLife&)> work = [account = account_](IwasLife& life) {
        return life.wallet().view(account);
    };
    return world_.call<WalletAnswer>(std::move(work));
}

Phone::Answer<Phone::RemoveAnswer> Phone::remove(domain::SavedMethodId id)
{
    std::function<awaitable<RemoveAnswer>(IwasLife&)> work = [account = account_, visit = visit_,
                                                              id](IwasLife& life) {
        return life.wallet().remove(account, visit, id);
    };
    return world_.call<RemoveAnswer>(std::move(work));
}

Phone::Answer<Phone::ViewAnswer> Phone::view(domain::TransactionId id)
{
    std::function<awaitable<ViewAnswer>(IwasLife&)> work = [id](IwasLife& life) {
        return life.purchases().view(id);
    };
    return world_.call<ViewAnswer>(std::move(work));
}

Phone::Answer<Phone::SessionsAnswer> Phone::sessions()
{
    std::function<awaitable<SessionsAnswer>(IwasLife&)> work =
        [account = account_.id](IwasLife& life) { return life.store().open_sessions_of(account); };
    return world_.call<SessionsAnswer>(std::move(work));
}

Phone::Answer<Phone::AdmitAnswer> Phone::use_session(domain::SessionId id)
{
    std::function<awaitable<AdmitAnswer>(IwasLife&)> work = [account = account_.id, id,
                                                             visit = visit_](IwasLife& life) {
        return life.sessions().admit_device(account, id, visit);
    };
    return world_.call<AdmitAnswer>(std::move(work));
}

Phone::Answer<Phone::SessionAnswer> Phone::sign_out(domain::SessionId id)
{
    std::function<awaitable<SessionAnswer>(IwasLife&)> work = [account = account_.id,
                                                               id](IwasLife& life) {
        return life.sessions().end(account, id, domain::EndReason::user_logout);
    };
    return world_.call<SessionAnswer>(std::move(work));
}

Phone::Answer<Phone::SessionAnswer> Phone::disconnect(domain::SessionId id, MacAddress mac)
{
    std::function<awaitable<SessionAnswer>(IwasLife&)> work = [account = account_.id, id,
                                                               mac](IwasLife& life) {
        return life.sessions().disconnect_device(account, id, mac);
    };
    return world_.call<SessionAnswer>(std::move(work));
}

awaitable<void> Phone::post(ports::LoginForm form)
{
    RouterModel& router = world_.router(router_).model;
    LoginAttempt attempt{
        .mac = mac_,
        .ip = ip_of(number_),
        .user_name = form.fields["username"],
        .proof = SecretText{form.fields["password"]},
        .login_by = "http-pap",
    };
    (void)co_await router.log_in(std::move(attempt));
}

Phone::Answer<Phone::TransactionAnswer> Phone::cancel(domain::TransactionId id)
{
    std::function<awaitable<TransactionAnswer>(IwasLife&)> work = [id](IwasLife& life) {
        return life.purchases().cancel(id);
    };
    return world_.call<TransactionAnswer>(std::move(work));
}

Phone::Answer<bool> Phone::look_now(domain::TransactionId id)
{
    std::function<awaitable<bool>(IwasLife&)> work = [id](IwasLife& life) -> awaitable<bool> {
        return [](IwasLife* asked, domain::TransactionId what) -> awaitable<bool> {
            co_await asked->purchases().look_now(what);
            co_return true;
        }(&life, id);
    };
    return world_.call<bool>(std::move(work));
}

Phone::Answer<Phone::HistoryAnswer> Phone::history()
{
    constexpr int newest = 20;
    std::function<awaitable<HistoryAnswer>(IwasLife&)> work = [account =
                                                                   account_.id](IwasLife& life) {
        return life.store().transactions_of(account, newest);
    };
    return world_.call<HistoryAnswer>(std::move(work));
}

Phone::Answer<Phone::TransactionAnswer> Phone::keep_as_credit(domain::TransactionId id)
{
    std::function<awaitable<TransactionAnswer>(IwasLife&)> work = [id](IwasLife& life) {
        return life.purchases().keep_as_credit(id);
    };
    return world_.call<TransactionAnswer>(std::move(work));
}

Phone::Answer<workflows::PurchaseView> Phone::watch_for_invitation(domain::TransactionId id)
{
    constexpr int looks_max = 30;
    for (int look = 0; look < looks_max; ++look) {
        auto seen = co_await view(id);
        if (seen && *seen && **seen) {
            workflows::PurchaseView& view = ***seen;
            if (view.invitation || domain::is_final(view.transaction.state))
                co_return std::move(view);
        }
        const SteadyTime again_at = world_.clock().steady_now() + Seconds{1};
        co_await world_.clock().sleep_until(again_at);
    }
    co_return std::nullopt;
}

Phone::Answer<workflows::PurchaseView> Phone::watch(domain::TransactionId id, Seconds every)
{
    constexpr int looks_max = 60;
    for (int look = 0; look < looks_max; ++look) {
        auto seen = co_await view(id);
        if (seen && *seen && **seen) {
            workflows::PurchaseView& view = ***seen;
            const bool is_opening =
                view.session && view.session->state == domain::SessionState::pending;
            if (domain::is_final(view.transaction.state) && !is_opening) co_return std::move(view);
            if (view.form) co_await post(*view.form);
        }
        const SteadyTime again_at = world_.clock().steady_now() + every;
        co_await world_.clock().sleep_until(again_at);
    }
    co_return std::nullopt;
}

} // namespace iwas::sim

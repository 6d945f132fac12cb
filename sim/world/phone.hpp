// Phone: one device of one member or guest, and what its browser asks of IWAS.
#pragma once

#include "sim/world/world.hpp"

namespace iwas::sim {

class Phone {
public:
    /// `user_name`: empty for a guest, who has no account at the PC system.
    Phone(World& world, std::string user_name, int number);

    [[nodiscard]] const std::string& user_name() const { return user_name_; }
    [[nodiscard]] std::string member_id() const { return "m-" + user_name_; }
    [[nodiscard]] MacAddress mac() const { return mac_; }
    [[nodiscard]] bool is_signed_in() const { return visit_.account.has_value(); }
    [[nodiscard]] bool is_guest() const { return user_name_.empty(); }
    [[nodiscard]] bool is_online();
    [[nodiscard]] const domain::Account& account() const { return account_; }
    [[nodiscard]] const domain::Visit& visit() const { return visit_; }

    /// Joins the WiFi of that router and meets the portal.
    void join(const std::string& router = "r1");
    void leave();
    /// Comes back with another random MAC address.
    void change_mac();
    void browse(std::uint64_t bps);

    template <class T>
    using Answer = awaitable<std::optional<T>>;
    using SignInAnswer = Result<workflows::SignedIn, workflows::LogInFailure>;
    using BuyAnswer = Result<ports::OpenedPurchase, workflows::PurchaseRejected>;
    using ViewAnswer = Result<std::optional<workflows::PurchaseView>, ports::StoreError>;
    using SessionAnswer = Result<domain::Session, workflows::SessionError>;
    using AdmitAnswer = Result<workflows::DeviceAdmitted, workflows::SessionError>;
    using SessionsAnswer = Result<std::vector<domain::Session>, ports::StoreError>;

    using LinkAnswer = Result<domain::SavedMethod, workflows::WalletRejection>;
    using WalletAnswer = Result<workflows::Wallet, ports::StoreError>;
    using RemoveAnswer = Result<void, workflows::WalletRejection>;
    using TransactionAnswer = Result<domain::Transaction, ports::StoreError>;
    using HistoryAnswer = Result<std::vector<domain::Transaction>, ports::StoreError>;

    /// A guest needs no password.
    Answer<SignInAnswer> sign_in(std::string password = {});
    Answer<BuyAnswer> buy(
        std::string package, std::string key,
        std::optional<domain::SessionId> extends = std::nullopt,
        domain::PaymentMethod method = domain::PaymentMethod::pc_balance,
        std::optional<domain::SavedMethodId> saved = std::nullopt);
    /// Types the password once more. Whether that went well.
    awaitable<bool> prove();
    /// Keeps a wallet, to be agreed to at the gateway.
    Answer<LinkAnswer> link(domain::PaymentMethod method);
    Answer<WalletAnswer> wallet();
    Answer<RemoveAnswer> remove(domain::SavedMethodId id);
    Answer<ViewAnswer> view(domain::TransactionId id);
    Answer<SessionsAnswer> sessions();
    Answer<AdmitAnswer> use_session(domain::SessionId id);
    Answer<SessionAnswer> sign_out(domain::SessionId id);
    Answer<SessionAnswer> disconnect(domain::SessionId id, MacAddress mac);
    /// Looks sixty times until the purchase is decided: final, and its session no more pending.
    /// Posts the router's login form when there is one. Nothing when it is not decided by then.
    Answer<workflows::PurchaseView> watch(domain::TransactionId id, Seconds every = Seconds{1});
    /// Looks every second until there is a way to pay, or the order has ended. Nothing after half a
    /// minute.
    Answer<workflows::PurchaseView> watch_for_invitation(domain::TransactionId id);
    /// Takes another way to pay.
    Answer<TransactionAnswer> cancel(domain::TransactionId id);
    /// "I have paid."
    Answer<bool> look_now(domain::TransactionId id);
    Answer<HistoryAnswer> history();
    Answer<TransactionAnswer> keep_as_credit(domain::TransactionId id);

private:
    awaitable<void> post(ports::LoginForm form);

    World& world_;
    std::string user_name_;
    int number_;
    int macs_ = 0;
    MacAddress mac_;
    std::string router_ = "r1";
    domain::Account account_;
    domain::Visit visit_;
};

} // namespace iwas::sim

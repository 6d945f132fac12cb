// For tests: the real client against the simulated MoMo and ZaloPay, in one process and under time
// that jumps. Both sides read the documents for themselves and share no code of the protocols.
#pragma once

#include "adapters/http/url.hpp"
#include "adapters/payment/client.hpp"
#include "adapters/payment/mapping_test.hpp"
#include "sim/payment/hub.hpp"
#include "sim/payment/in_process_gateways.hpp"
#include "sim/payment/momo/gateway.hpp"
#include "sim/payment/zalopay/gateway.hpp"
#include "tests/support/time_and_chance.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace iwas::adapters::testing {

/// A merchant with an account at each wallet.
class WalletWorld final : public ports::CatalogView {
public:
    explicit WalletWorld(domain::PaymentMethod method)
        : face{
              method == domain::PaymentMethod::momo ? static_cast<sim::GatewayFace*>(&momo)
                                                    : &zalopay}
    {
        caller.latency = 20ms;
        account.id = domain::PaymentAccountId::trusted("wallet");
        account.method = method;
        account.base_url = "http://127.0.0.1:9100";
        account.saves_tokens = true;
        if (method == domain::PaymentMethod::momo) {
            const auto& merchant = momo.settings().merchants.front();
            account.merchant = merchant.partner_code;
            account.access_key = SecretText{merchant.access_key};
            account.secret_key = SecretText{merchant.secret_key};
            account.public_key = momo.public_key_pem();
        } else {
            const auto& app = zalopay.settings().apps.front();
            account.merchant = std::to_string(app.id);
            account.secret_key = SecretText{app.key1};
            account.callback_key = SecretText{app.key2};
        }
        auto catalog = std::make_shared<domain::Catalog>();
        catalog->payment_accounts.emplace(account.id, account);
        catalog_ = std::move(catalog);
    }
    [[nodiscard]] std::shared_ptr<const domain::Catalog> current() const override
    {
        return catalog_;
    }

    void replace(std::shared_ptr<const domain::Catalog> catalog) { catalog_ = std::move(catalog); }

    ports::PaymentOrder new_order(std::int64_t vnd = 50'000)
    {
        ports::PaymentOrder order =
            order_named(client.new_order_id(account, clock.utc_now(), random.next()));
        order.amount = Money{vnd};
        order.created_at = clock.utc_now();
        order.expires_at = order.created_at + 15min;
        return order;
    }
    ports::RefundOrder new_refund(
        const ports::PaymentOrder& order, std::string gateway_id, std::int64_t vnd)
    {
        ports::RefundOrder refund;
        refund.refund_id = client.new_refund_id(account, clock.utc_now(), random.next());
        refund.order_id = order.order_id;
        refund.gateway_id = std::move(gateway_id);
        refund.amount = Money{vnd};
        refund.paid = order.amount;
        refund.order_created_at = order.created_at;
        refund.created_at = clock.utc_now();
        refund.description = "Hoan tien";
        return refund;
    }

    /// Runs until the call is done.
    template <class T>
    T run(ports::awaitable<T> task)
    {
        std::optional<T> result;
        boost::asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& error, T value) {
            if (error) std::rethrow_exception(error);
            result.emplace(std::move(value));
        });
        for (int i = 0; i < 100'000 && !result; ++i)
            clock.run_for(10ms);
        return std::move(result).value();
    }
    [[nodiscard]] SteadyTime soon() const { return clock.steady_now() + 25s; }

    ports::GatewayAnswer<domain::Invitation> create(const ports::PaymentOrder& order)
    {
        return run(client.create(account.id, order, soon()));
    }
    ports::GatewayAnswer<ports::PaymentStatus> find(const ports::PaymentOrder& order)
    {
        return run(client.find(account.id, query_for(order), soon()));
    }
    ports::GatewayAnswer<ports::RefundStatus> refund(const ports::RefundOrder& order)
    {
        return run(client.refund(account.id, order, soon()));
    }
    ports::GatewayAnswer<ports::RefundStatus> find_refund(const ports::RefundOrder& order)
    {
        return run(client.find_refund(account.id, order, soon()));
    }
    bool pay(const std::string& order_id, sim::PayerAct act = sim::PayerAct::pay)
    {
        sim::PayCommand command;
        command.order_id = order_id;
        command.act = act;
        return face->pay(command, clock.utc_now()).has_value();
    }

    using Read = Result<ports::PaymentNotice, ports::NoticeError>;
    /// What the wallet sends now, each read and answered; a good one as `outcome` says.
    std::vector<Read> notices(ports::NoticeOutcome outcome = ports::NoticeOutcome::recorded)
    {
        std::vector<Read> all;
        for (const sim::DueNotice& due : hub.due_notices(clock.utc_now())) {
            ports::NoticeRequest request = notice_with(due.notice.body);
            request.now = clock.utc_now();
            Read read = client.read_notice(account, request);
            const auto reply =
                client.reply_to(account, read ? outcome : ports::NoticeOutcome::refused);
            due.face->notice_answered(
                due.notice, {.status = reply.status, .body = reply.body, .took = 5ms},
                clock.utc_now());
            all.push_back(std::move(read));
        }
        return all;
    }

    boost::asio::io_context io{1};
    tests::ManualClock clock{io};
    tests::SeededRandom random;
    sim::MomoGateway momo{{.key_pair = momo_keys()}};
    sim::ZaloPayGateway zalopay{{}};
    sim::GatewayHub hub{{&momo, &zalopay}};
    sim::InProcessGateways caller{hub, clock};
    domain::PaymentAccount account;
    sim::GatewayFace* face; // of the account's wallet
    GatewayClient client{*this, caller, clock, random};

private:
    /// Making a key takes a while; one is enough for all cases.
    static std::shared_ptr<const sim::momo::KeyPair> momo_keys()
    {
        static const auto pair = sim::momo::KeyPair::make();
        return pair;
    }

    std::shared_ptr<const domain::Catalog> catalog_;
};

} // namespace iwas::adapters::testing

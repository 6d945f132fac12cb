// A member before the portal of a café whose MoMo contract allows saved wallets.
#pragma once

#include "tests/api/api_world.hpp"
#include "workflows/session_steps.hpp"

#include <gtest/gtest.h>

namespace iwas::api::testing {

class WalletWorld : public ::testing::Test {
protected:
    WalletWorld()
    {
        world.add_payment_account("galaxy-momo", domain::PaymentMethod::momo, true);
        world.add_payment_account("galaxy-zalopay", domain::PaymentMethod::zalopay);
        phone.sign_in();
    }

    http::Response prove(const std::string& password = "secret")
    {
        return phone.post("/api/v1/reauthenticate", R"({"password":")" + password + R"("})");
    }
    http::Response ask(const std::string& method = "momo")
    {
        return phone.post(
            "/api/v1/wallet/bindings", R"({"method":")" + method + R"("})",
            "binding-no-" + std::to_string(++keys_));
    }
    [[nodiscard]] domain::SavedMethod stored(const std::string& id)
    {
        const auto method = *domain::SavedMethodId::parse(id);
        return world.run(world.store->load_saved_method(method)).value().value();
    }
    /// A MoMo wallet, kept with the customer's agreement; its id.
    std::string keep_momo()
    {
        EXPECT_EQ(prove().status, 204);
        const auto asked = ask();
        EXPECT_EQ(asked.status, 201) << asked.body;
        const std::string id{body_of(asked).at("id").as_string()};
        EXPECT_TRUE(world.gateways.agree(stored(id).order_id));
        EXPECT_EQ(world.notify("asked " + stored(id).order_id).body, "recorded");
        world.run_jobs();
        EXPECT_EQ(binding_state(id), "bound");
        return id;
    }
    std::string binding_state(const std::string& id)
    {
        return std::string{
            body_of(phone.get("/api/v1/wallet/bindings/" + id)).at("state").as_string()};
    }
    boost::json::array wallet()
    {
        return body_of(phone.get("/api/v1/wallet")).at("methods").as_array();
    }
    /// "pc_balance* momo": the wallet's methods in order, the default with a star.
    static std::string names(const boost::json::array& methods)
    {
        std::string text;
        for (const auto& each : methods) {
            if (!text.empty()) text += ' ';
            text += each.at("method").as_string().c_str();
            if (each.at("is_default").as_bool()) text += '*';
        }
        return text;
    }
    /// Takes the proof back, as time does.
    void let_the_proof_end()
    {
        const auto id = world.tokens.visit_of(phone.token);
        auto visit = world.run(world.store->load_visit(id.value())).value().value();
        ASSERT_TRUE(visit.proven_until);
        visit.proven_until = world.clock.utc_now();
        ASSERT_TRUE(world.run(world.store->keep_visit(visit)));
    }
    ports::Job job_of(const std::string& id)
    {
        return {
            .id = workflows::job_id(
                ports::JobKind::link_method, domain::SavedMethodId::parse(id)->value()),
            .kind = ports::JobKind::link_method,
            .subject = domain::SavedMethodId::parse(id)->value(),
        };
    }

    World world;
    Phone phone{world, "A4:5E:60:11:22:0F", "192.168.20.15"};

private:
    int keys_ = 0;
};

} // namespace iwas::api::testing

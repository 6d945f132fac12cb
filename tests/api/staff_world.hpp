// For tests of the staff API: a café that takes MoMo and bank transfers, members of staff with
// their tokens, and a guest who buys.
#pragma once

#include "tests/api/api_world.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

namespace iwas::api::testing {

class StaffTest : public ::testing::Test {
protected:
    StaffTest()
    {
        world.add_payment_account("galaxy-momo", domain::PaymentMethod::momo);
        world.add_payment_account("galaxy-bank", domain::PaymentMethod::vietqr);
        world.configure([](domain::Catalog& wanted) {
            const auto arena = domain::OrganizationId::trusted("arena");
            wanted.organizations[arena] = {arena, "Arena"};
        });
        manager = token_of("lan", domain::StaffRole::manager);
        viewer = token_of("binh", domain::StaffRole::viewer);
        stranger = token_of("dung", domain::StaffRole::manager, {}, "arena");
        elsewhere = token_of("hoa", domain::StaffRole::manager, {"q1"});
        phone.sign_in_as_guest();
    }

    /// Adds a member; his token.
    std::string token_of(
        const std::string& name, domain::StaffRole role,
        const std::set<std::string>& locations = {}, const std::string& organization = "galaxy")
    {
        domain::StaffMember member;
        member.name = domain::StaffId::trusted(name);
        member.organization = domain::OrganizationId::trusted(organization);
        for (const std::string& each : locations)
            member.locations.insert(domain::LocationId::trusted(each));
        member.role = role;
        member.added_at = world.clock.utc_now();
        std::array<std::uint8_t, 32> random{};
        world.random.fill(random);
        std::string token = domain::staff_token(random).reveal();
        const auto added =
            world.run(world.store->add_staff(member, *domain::staff_token_digest(token), "test"));
        EXPECT_TRUE(added);
        return token;
    }

    http::Response get(const std::string& token, const std::string& path)
    {
        return world.send(request_of(http::Method::get, token, path));
    }
    /// With a key of its own, unless one is given.
    http::Response post(
        const std::string& token, const std::string& path, const std::string& body,
        std::string key = {})
    {
        http::Request request = request_of(http::Method::post, token, path);
        request.headers.set("Content-Type", "application/json");
        if (key.empty()) key = "staff-key-" + std::to_string(++keys_);
        request.headers.set("Idempotency-Key", key);
        request.body = body;
        return world.send(std::move(request));
    }

    /// The guest of `phone` orders and pays, and is online.
    domain::Transaction paid_order()
    {
        const auto ordered = world.transaction_of(phone.order("momo"));
        const auto money = world.gateways.pay(ordered.order_id, Money{12'000});
        world.notify("paid " + ordered.order_id + " 12000 " + money.value().gateway_id);
        world.settle();
        const domain::Transaction paid = world.transaction_of(to_string(ordered.id));
        EXPECT_EQ(paid.state, domain::TransactionState::success);
        return paid;
    }
    /// A bank transfer that names no order; its transaction, which waits for a person.
    domain::Transaction unmatched(Money amount)
    {
        const auto money = world.gateways.transfer(
            domain::PaymentAccountId::trusted("galaxy-bank"), amount, "no memo");
        world.notify(
            "paid IWnobody " + std::to_string(amount.vnd()) + " " + money.gateway_id,
            "galaxy-bank");
        for (const auto& line : world.run(world.store->refund_queue(100)).value())
            if (line.transaction.charge_id == money.gateway_id) return line.transaction;
        throw std::runtime_error{"it does not wait"};
    }
    static std::string path_of(const domain::Transaction& transaction)
    {
        return "/api/v1/staff/transactions/" + to_string(transaction.id);
    }
    static std::string queue_path_of(const domain::Transaction& transaction)
    {
        return "/api/v1/staff/refunds/" + to_string(transaction.id);
    }

    World world;
    Phone phone{world, "A4:5E:60:11:22:0F", "192.168.20.15"};
    std::string manager;   // of all of galaxy
    std::string viewer;    // of all of galaxy
    std::string stranger;  // a manager of another organization
    std::string elsewhere; // a manager of another location of galaxy

private:
    static http::Request request_of(
        http::Method method, const std::string& token, const std::string& path)
    {
        http::Request request;
        request.method = method;
        request.target = path;
        request.headers.set("Accept-Language", "en");
        if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
        return request;
    }

    int keys_ = 0;
};

} // namespace iwas::api::testing

// For tests: a bank with one account, a payer who scans, and a clock.
#pragma once

#include "adapters/http/url.hpp"
#include "sim/json_body.hpp"
#include "sim/payment/bank/bank.hpp"
#include "sim/payment/hub.hpp"

#include <gtest/gtest.h>

namespace iwas::sim::bank::testing {

inline const UtcTime start = *from_rfc3339("2026-11-22T10:15:00+07:00");

class BankWorld : public ::testing::Test {
protected:
    BankWorld() { bank.add_account({"970436", "0123499999"}); }

    std::string qr(Money amount = Money{15'000}, std::string memo = "IWAS7F3K2Q") const
    {
        return write_qr("970436", "0123499999", amount, memo);
    }
    Result<PayResult, std::string> scan(
        std::string text, std::optional<Money> amount = {}, std::string memo = {})
    {
        PayCommand command;
        command.qr_text = std::move(text);
        command.amount = amount;
        command.memo = std::move(memo);
        return bank.pay(command, now);
    }
    static http::Request request_of(http::Method method, std::string url, std::string body = {})
    {
        http::Request request;
        request.method = method;
        auto target = http::decode_target(url);
        request.path = std::move(target->path);
        request.query = std::move(target->query);
        request.body = std::move(body);
        return request;
    }
    static boost::json::object json_of(const http::Response& response)
    {
        return read_object(response.body).value_or(boost::json::object{});
    }

    UtcTime now = start;
    Bank bank{1};
};

} // namespace iwas::sim::bank::testing

// The page on which a payer decides: what a wallet's app or a bank's page shows, in small.
#pragma once

#include "adapters/http/message.hpp"
#include "core/money.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace iwas::sim {

/// A button of the gateway's own; `name` and `value` are what the form sends.
struct PayerButton {
    std::string_view name;
    std::string_view value;
    std::string_view label;
};

struct PayerPage {
    std::string_view brand;  // "Ví MoMo (mô phỏng)"
    std::string_view colour; // "#a50064"; a CSS colour of the program's own
    std::string_view merchant;
    std::string_view order_id;
    std::string_view description;
    Money amount;
    /// Where the form posts to: `outcome` is pay, refuse or leave.
    std::string_view action;
    /// Beside the three that every page has.
    std::vector<PayerButton> buttons = {};
};

/// The page with the amount and its buttons, in Vietnamese, for a phone. Everything from outside is
/// escaped; it loads nothing from anywhere.
http::Response payer_page(const PayerPage& page);

/// A line that the payer types; `value`: what stands there before.
struct PayerField {
    std::string_view name;
    std::string_view label;
    std::string value;
};
/// A page on which the payer types what he pays. The form posts to `action`.
http::Response payer_form(
    std::string_view brand, std::string_view colour, const std::vector<PayerField>& fields,
    std::string_view action);

/// A page that only says something: paid already, expired, unknown. `back`: where a link leads, or
/// empty.
http::Response payer_message(
    int status, std::string_view brand, std::string_view colour, std::string_view message,
    std::string_view back = {});

/// `text` with the characters that HTML gives a meaning written as entities.
std::string escape_html(std::string_view text);

} // namespace iwas::sim

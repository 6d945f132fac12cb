// Links that open a customer's banking app with a transfer filled in (vietqr.io, "Deeplink app ngân
// hàng"). Which apps fill it in is vietqr.io's word alone and grows every few months; the others
// only open.
#pragma once

#include "protocol/vietqr/transfer.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace iwas::vietqr {

struct BankApp {
    std::string_view bin; ///< of the bank whose app it is; banks.hpp names it
    std::string_view app; ///< what the links call it; not always the bank's code
    bool fills_in;        ///< the transfer stands in the app; else it has to be typed or scanned
};

/// All apps that vietqr.io's links open, by ascending BIN.
std::span<const BankApp> bank_apps();

/// Null when no link opens an app of that bank.
const BankApp* find_app_of_bank(std::string_view bin);

/// Stands in a link for the app's name.
inline constexpr std::string_view app_placeholder = "{app}";

/// `base`, such as https://dl.vietqr.io/pay, with the transfer in its query and `{app}` for the
/// app. `return_url` is where the app may lead back to; it stands last and as it is, as vietqr.io
/// wants it, so it must have no `&` and no `#`. Empty when no list names the transfer's bank, for
/// the links name banks by code.
std::string app_link(std::string_view base, const Transfer& transfer, std::string_view return_url);

} // namespace iwas::vietqr

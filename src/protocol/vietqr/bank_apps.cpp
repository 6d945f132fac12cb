#include "protocol/vietqr/bank_apps.hpp"

#include "core/percent_encoding.hpp"
#include "core/text.hpp"
#include "protocol/vietqr/banks.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace iwas::vietqr {

namespace {

// vietqr.io's list of apps (2026-08) and its changelog to 2.18 (31/07/2026) for what fills in.
// clang-format off
constexpr auto apps = std::to_array<BankApp>({
    {"970405", "vba", false},
    {"970407", "tcb", false},
    {"970415", "icb", true},
    {"970416", "acb", true},
    {"970418", "bidv", true},
    {"970422", "mb", true},
    {"970423", "tpb", false},
    {"970431", "eib", false},
    {"970432", "vpb", false},
    {"970436", "vcb", false},
    {"970437", "hdb", false},
    {"970440", "seab", false},
    {"970441", "vib", false},
    {"970443", "shb", false},
    {"970448", "ocb", true},
});
// clang-format on

static_assert(std::ranges::is_sorted(apps, {}, &BankApp::bin));

} // namespace

std::span<const BankApp> bank_apps()
{
    return apps;
}

const BankApp* find_app_of_bank(std::string_view bin)
{
    const auto found = std::ranges::find(apps, bin, &BankApp::bin);
    return found == apps.end() ? nullptr : &*found;
}

std::string app_link(std::string_view base, const Transfer& transfer, std::string_view return_url)
{
    const Bank* bank = find_bank_by_bin(transfer.bank_bin);
    if (!bank) return {};
    std::string link{base};
    link.append("?app=").append(app_placeholder);
    if (transfer.amount) link.append("&am=").append(std::to_string(transfer.amount->vnd()));
    link.append("&tn=").append(percent_encode(transfer.purpose));
    // The `@` stays as it is.
    link.append("&ba=").append(transfer.account).append("@");
    std::ranges::transform(bank->code, std::back_inserter(link), lower);
    if (!transfer.merchant_name.empty())
        link.append("&bn=").append(percent_encode(transfer.merchant_name));
    link.append("&url=").append(return_url);
    return link;
}

} // namespace iwas::vietqr

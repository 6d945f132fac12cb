// MoMo's result codes, as the simulated gateway gives them (MoMo v2 documents, "Result codes").
#pragma once

#include <string_view>

namespace iwas::sim::momo {

inline constexpr int success = 0;
inline constexpr int bad_signature = 13;
inline constexpr int bad_format = 20;
inline constexpr int amount_out_of_range = 22;
inline constexpr int duplicate_request = 40;
inline constexpr int duplicate_order = 41;
inline constexpr int order_not_found = 42;
inline constexpr int invalid_data = 47;
inline constexpr int waiting_for_payer = 1000;
inline constexpr int not_enough_money = 1001;
inline constexpr int refused_by_issuer = 1002;
inline constexpr int cancelled_after_hold = 1003;
inline constexpr int expired = 1005;
inline constexpr int refused_by_payer = 1006;
inline constexpr int no_such_account = 1007;
inline constexpr int cancelled_by_merchant = 1017;
inline constexpr int refund_failed = 1080;
inline constexpr int refund_refused = 1081;
inline constexpr int in_work = 7000;
inline constexpr int in_work_at_provider = 7002;
inline constexpr int otp_needed = 8200;
inline constexpr int authorised = 9000;

/// Whether nothing about the order changes any more.
bool is_final(int code);
/// HTTP tells only the coarse kind; resultCode decides.
int http_status_of(int code);
/// What the code means, in the words of this simulator.
std::string_view message_of(int code, bool vietnamese);

} // namespace iwas::sim::momo

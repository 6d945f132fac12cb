#include "sim/payment/momo/codes.hpp"

#include <algorithm>
#include <array>

namespace iwas::sim::momo {

namespace {

struct Message {
    int code;
    std::string_view english;
    std::string_view vietnamese;
};

constexpr std::array messages{
    Message{success, "Successful.", "Thành công."},
    Message{bad_signature, "The signature is wrong.", "Chữ ký không đúng."},
    Message{bad_format, "The request is malformed.", "Yêu cầu sai định dạng."},
    Message{amount_out_of_range, "The amount is out of range.", "Số tiền ngoài giới hạn."},
    Message{duplicate_request, "The requestId was used before.", "Mã yêu cầu đã được dùng."},
    Message{duplicate_order, "The orderId was used before.", "Mã đơn hàng đã được dùng."},
    Message{order_not_found, "No such order.", "Không có đơn hàng này."},
    Message{invalid_data, "The request holds invalid data.", "Dữ liệu không hợp lệ."},
    Message{waiting_for_payer, "Waiting for the payer.", "Đang chờ người dùng xác nhận."},
    Message{not_enough_money, "Not enough money.", "Số dư không đủ."},
    Message{refused_by_issuer, "Refused by the issuer.", "Tổ chức phát hành từ chối."},
    Message{cancelled_after_hold, "The hold was cancelled.", "Giao dịch tạm giữ đã bị huỷ."},
    Message{expired, "The order has expired.", "Đơn hàng đã hết hạn."},
    Message{refused_by_payer, "Refused by the payer.", "Giao dịch bị từ chối bởi người dùng."},
    Message{no_such_account, "The account is not linked.", "Tài khoản không còn liên kết."},
    Message{cancelled_by_merchant, "Cancelled by the merchant.", "Đối tác đã huỷ giao dịch."},
    Message{refund_failed, "The refund failed.", "Hoàn tiền thất bại."},
    Message{refund_refused, "The refund is refused.", "Yêu cầu hoàn tiền bị từ chối."},
    Message{in_work, "In progress.", "Đang được xử lý."},
    Message{in_work_at_provider, "In progress at the provider.", "Nhà cung cấp đang xử lý."},
    Message{otp_needed, "A security code is needed.", "Cần mã xác thực."},
    Message{authorised, "The money is held.", "Giao dịch đã được xác nhận, chờ đối tác."}};

} // namespace

bool is_final(int code)
{
    constexpr std::array open{
        waiting_for_payer, in_work, in_work_at_provider, otp_needed, authorised};
    return std::ranges::find(open, code) == open.end();
}

int http_status_of(int code)
{
    if (code == otp_needed) return 201;
    return code >= bad_signature && code <= invalid_data ? 400 : 200;
}

std::string_view message_of(int code, bool vietnamese)
{
    const auto found = std::ranges::find(messages, code, &Message::code);
    if (found == messages.end()) return vietnamese ? "Lỗi không xác định." : "Unknown error.";
    return vietnamese ? found->vietnamese : found->english;
}

} // namespace iwas::sim::momo

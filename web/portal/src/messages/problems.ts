// What every refusal is called, and what the customer can do about it.
import type { Language } from '../api/types';
import type { Messages } from './shape';

const vi: Messages['problem'] = {
  VALIDATION_FAILED: { title: 'Thông tin chưa đúng', body: 'Hãy kiểm tra lại phần đã nhập rồi thử lại.' },
  NOT_SIGNED_IN: { title: 'Bạn chưa đăng nhập', body: 'Hãy đăng nhập lại bằng tài khoản máy trạm để tiếp tục.' },
  CSRF_FAILED: { title: 'Trang đã cũ', body: 'Hãy tải lại trang rồi thử lại.' },
  IDEMPOTENCY_CONFLICT: { title: 'Yêu cầu bị trùng', body: 'Hãy tải lại trang để xem kết quả lần trước.' },
  NOT_FOUND: { title: 'Không tìm thấy', body: 'Mục này không còn nữa. Hãy tải lại trang.' },
  TRY_LATER: { title: 'Hệ thống đang bận', body: 'Hãy thử lại sau ít giây. Bạn không bị trừ tiền hai lần.' },
  VISIT_UNKNOWN: {
    title: 'Chưa nhận ra thiết bị',
    body: 'Hãy tắt WiFi rồi bật lại để mở trang đăng nhập từ đầu.',
  },
  PACKAGE_NOT_AVAILABLE: { title: 'Gói này hiện không bán', body: 'Hãy chọn một gói khác.' },
  PACKAGE_AT_CAPACITY: { title: 'Gói này đã hết chỗ', body: 'Hãy chọn gói khác, hoặc thử lại khi có người ra về.' },
  PRICE_CHANGED: { title: 'Giá vừa thay đổi', body: 'Bạn chưa bị trừ tiền. Bạn có muốn mua với giá mới không?' },
  DEVICE_ALREADY_ACTIVE: {
    title: 'Máy này đang có phiên WiFi',
    body: 'Máy đang dùng hoặc đang mua một gói khác; bạn chưa bị trừ tiền. Hãy tải lại trang để xem, hoặc đăng nhập tài khoản đã mua.',
  },
  DEVICE_BLOCKED: { title: 'Máy này đang bị chặn', body: 'Hãy hỏi nhân viên tại quầy để được mở lại.' },
  MAX_DEVICES_REACHED: {
    title: 'Đã đủ số thiết bị',
    body: 'Hãy ngắt một thiết bị trong danh sách rồi thử lại.',
  },
  PURCHASE_LIMIT_REACHED: {
    title: 'Hết lượt mua hôm nay',
    body: 'Bạn đã mua đủ số lần của gói này. Hãy chọn gói khác.',
  },
  INSUFFICIENT_BALANCE: { title: 'Số dư không đủ', body: 'Hãy nạp thêm tại quầy rồi kiểm tra lại số dư.' },
  INVALID_CREDENTIALS: {
    title: 'Sai tên tài khoản hoặc mật khẩu',
    body: 'Hãy nhập lại, hoặc hỏi nhân viên nếu bạn quên mật khẩu.',
  },
  ACCOUNT_SUSPENDED: { title: 'Tài khoản đang bị khóa', body: 'Hãy hỏi nhân viên tại quầy để mở lại tài khoản.' },
  RATE_LIMITED: { title: 'Bạn đã thử quá nhiều lần', body: 'Hãy chờ một chút rồi thử lại.' },
  PC_SYSTEM_UNAVAILABLE: {
    title: 'Máy chủ của quán chưa trả lời',
    body: 'Hãy thử lại sau ít giây. Nếu vẫn vậy, hãy báo nhân viên.',
  },
  PAYMENT_DECLINED: {
    title: 'Thanh toán bị từ chối',
    body: 'Bạn chưa bị trừ tiền. Hãy trả bằng cách khác, hoặc hỏi nhân viên tại quầy.',
  },
  PAYMENT_EXPIRED: {
    title: 'Đã quá hạn thanh toán',
    body: 'Hãy chọn gói và mua lại.',
  },
  AMOUNT_MISMATCH: {
    title: 'Số tiền không khớp',
    body: 'Số tiền đã trả khác số tiền cần trả. Nhân viên sẽ kiểm tra và trả cho bạn.',
  },
  PAYMENT_SET_ASIDE: {
    title: 'Khoản tiền này không mua gói nào',
    body: 'Tiền không mất. Hãy hỏi nhân viên tại quầy.',
  },
  STAFF_REFUND: { title: 'Quán trả lại tiền', body: 'Bạn có thể chọn một gói mới.' },
  PAYMENT_METHOD_INACTIVE: {
    title: 'Cách thanh toán này đang tạm ngừng',
    body: 'Hãy chọn cách khác, hoặc hỏi nhân viên tại quầy.',
  },
  ACTIVATION_FAILED: { title: 'Chưa mở được mạng', body: 'Bộ phát WiFi không nhận máy của bạn. Hãy thử lại.' },
  SESSION_EXPIRED: { title: 'Phiên đã hết giờ', body: 'Hãy chọn một gói mới để lên mạng.' },
  PAYMENT_UNAVAILABLE: {
    title: 'Cổng thanh toán đang bận',
    body: 'Bạn chưa mất tiền. Hãy thử lại hoặc chọn cách khác.',
  },
  PAYMENT_CANCELLED: {
    title: 'Đã bỏ thanh toán',
    body: 'Bạn có thể trả bằng cách khác. Tiền đã chuyển không mất.',
  },
  REAUTHENTICATION_REQUIRED: { title: 'Cần nhập lại mật khẩu', body: 'Hãy nhập mật khẩu tài khoản để tiếp tục.' },
  LAST_METHOD: {
    title: 'Cách này đang được dùng',
    body: 'Đây là cách cuối cùng và đang có giao dịch. Hãy liên kết cách khác trước, hoặc thử lại sau.',
  },
  PAYMENT_WINDOW_USED_UP: {
    title: 'Hôm nay đã hết lượt mạng miễn phí',
    body: 'Hãy dùng 4G, hoặc nhờ một máy khác quét mã.',
  },
  PAYER_FUNDS_SHORT: {
    title: 'không đủ tiền',
    body: 'Ví hoặc thẻ của bạn ở đó không đủ tiền. Bạn chưa bị trừ tiền. Hãy chọn cách khác, hoặc nạp thêm rồi thử lại.',
  },
  PAYER_ACCOUNT_LOCKED: {
    title: 'không cho thanh toán',
    body: 'Ví, thẻ hoặc tài khoản của bạn ở đó bị khóa hoặc chưa xác thực. Bạn chưa bị trừ tiền. Hãy chọn cách khác, hoặc mở lại trong ứng dụng rồi thử lại.',
  },
  CREDIT_CHANGED: { title: 'Tiền gửi vừa thay đổi', body: 'Bạn chưa bị trừ tiền. Hãy xem lại số tiền rồi mua lại.' },
};

const en: Messages['problem'] = {
  VALIDATION_FAILED: { title: 'Something is not right', body: 'Check what you entered and try again.' },
  NOT_SIGNED_IN: { title: 'You are not signed in', body: 'Sign in again with your PC account to go on.' },
  CSRF_FAILED: { title: 'This page is out of date', body: 'Reload the page and try again.' },
  IDEMPOTENCY_CONFLICT: { title: 'This order was sent before', body: 'Reload the page to see how it ended.' },
  NOT_FOUND: { title: 'Not found', body: 'This is no longer there. Reload the page.' },
  TRY_LATER: { title: 'The system is busy', body: 'Try again in a few seconds. You are never charged twice.' },
  VISIT_UNKNOWN: {
    title: 'Your device was not recognised',
    body: 'Switch WiFi off and on again so that the sign-in page opens from the start.',
  },
  PACKAGE_NOT_AVAILABLE: { title: 'This package is not on sale now', body: 'Please pick another one.' },
  PACKAGE_AT_CAPACITY: {
    title: 'This package is full',
    body: 'Pick another one, or try again when somebody leaves.',
  },
  PRICE_CHANGED: { title: 'The price has just changed', body: 'You have not been charged. Buy at the new price?' },
  DEVICE_ALREADY_ACTIVE: {
    title: 'This device already has WiFi',
    body: 'It is online, or another purchase for it is under way; you have not been charged. Reload the page to see it, or sign in to the account that bought it.',
  },
  DEVICE_BLOCKED: { title: 'This device is blocked', body: 'Ask the staff at the counter to unblock it.' },
  MAX_DEVICES_REACHED: {
    title: 'All device places are taken',
    body: 'Disconnect one of the devices, then try again.',
  },
  PURCHASE_LIMIT_REACHED: {
    title: 'Daily limit reached',
    body: 'You have bought this package as often as it allows today. Pick another one.',
  },
  INSUFFICIENT_BALANCE: {
    title: 'Not enough balance',
    body: 'Top up at the counter, then check your balance again.',
  },
  INVALID_CREDENTIALS: {
    title: 'Wrong account name or password',
    body: 'Enter them again, or ask the staff if you forgot your password.',
  },
  ACCOUNT_SUSPENDED: { title: 'This account is locked', body: 'Ask the staff at the counter to open it again.' },
  RATE_LIMITED: { title: 'Too many tries', body: 'Wait a moment, then try again.' },
  PC_SYSTEM_UNAVAILABLE: {
    title: 'The café’s server does not answer',
    body: 'Try again in a few seconds. If it stays like this, tell the staff.',
  },
  PAYMENT_DECLINED: {
    title: 'Payment declined',
    body: 'You have not been charged. Pay another way, or ask the staff at the counter.',
  },
  PAYMENT_EXPIRED: {
    title: 'The payment took too long',
    body: 'Pick the package and buy it again.',
  },
  AMOUNT_MISMATCH: {
    title: 'The amount does not match',
    body: 'Another amount than what was due was paid. The staff will check it and return it.',
  },
  PAYMENT_SET_ASIDE: {
    title: 'This money bought no package',
    body: 'It is not lost. Ask the staff at the counter.',
  },
  STAFF_REFUND: { title: 'The café gives the money back', body: 'You can pick a new package.' },
  PAYMENT_METHOD_INACTIVE: {
    title: 'This way of paying is switched off',
    body: 'Choose another one, or ask the staff at the counter.',
  },
  ACTIVATION_FAILED: {
    title: 'The network could not be opened',
    body: 'The WiFi router did not take your device. Please try again.',
  },
  SESSION_EXPIRED: { title: 'The session has run out', body: 'Pick a new package to go online.' },
  PAYMENT_UNAVAILABLE: {
    title: 'The payment service does not answer',
    body: 'Nothing was charged. Try again or choose another way to pay.',
  },
  PAYMENT_CANCELLED: {
    title: 'Payment given up',
    body: 'You can pay another way. Money that you have sent is not lost.',
  },
  REAUTHENTICATION_REQUIRED: {
    title: 'Your password is needed again',
    body: 'Enter your account password to go on.',
  },
  LAST_METHOD: {
    title: 'This one is in use',
    body: 'It is the last one and a payment runs on it. Link another one first, or try again later.',
  },
  PAYMENT_WINDOW_USED_UP: {
    title: 'No free internet left today',
    body: 'Use mobile data, or let another phone scan the code.',
  },
  PAYER_FUNDS_SHORT: {
    title: 'not enough money',
    body: 'Your wallet or card there does not cover this. You have not been charged. Choose another way, or add money there and try again.',
  },
  PAYER_ACCOUNT_LOCKED: {
    title: 'payment not allowed',
    body: 'Your wallet, card or account there is locked or not verified. You have not been charged. Choose another way, or have it opened in its app and try again.',
  },
  CREDIT_CHANGED: {
    title: 'Your store credit has changed',
    body: 'You have not been charged. Look at the amount and buy again.',
  },
};

export const problemTexts: Record<Language, Messages['problem']> = { vi, en };

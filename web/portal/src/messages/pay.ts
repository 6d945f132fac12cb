// Texts of choosing a way to pay and of the open payment. Loaded with those pages, not with the first one.
import type { Language } from '../api/types';

export interface PayMessages {
  choose: Record<
    | 'title'
    | 'saved'
    | 'other'
    | 'setDefaultHint'
    | 'credit'
    | 'creditCovers'
    | 'due'
    | 'price'
    | 'none'
    | 'noneHelp'
    | 'fallback'
    | 'otherPackage'
    | 'gone',
    string
  > & {
    useCredit: (amount: string) => string;
    pay: (amount: string) => string;
    left: (amount: string) => string;
    short: (amount: string) => string;
    expired: (label: string) => string;
    why: Record<'needs_account' | 'unavailable' | 'unusable', string>;
    hint: Record<'balance' | 'wallet' | 'redirect' | 'bank_transfer' | 'credit', string>;
  };
  open: Record<
    | 'title'
    | 'left'
    | 'over'
    | 'overLead'
    | 'qrAlt'
    | 'saveQr'
    | 'saveQrHint'
    | 'scanWallet'
    | 'scanBank'
    | 'scanOther'
    | 'toPage'
    | 'toPageLead'
    | 'bank'
    | 'account'
    | 'holder'
    | 'amount'
    | 'memo'
    | 'memoWarning'
    | 'copy'
    | 'copied'
    | 'copyFailed'
    | 'done'
    | 'doneTitle'
    | 'doneLead'
    | 'doneLong'
    | 'find'
    | 'change'
    | 'cancel'
    | 'cancelAsk'
    | 'cancelYes'
    | 'cancelNo'
    | 'cancelling'
    | 'waiting'
    | 'safe'
    | 'lost'
    | 'chooseApp'
    | 'otherApp'
    | 'chooseBank'
    | 'fillsIn'
    | 'onlyOpens',
    string
  > & {
    openApp: (name: string) => string;
    copyNamed: (what: string) => string;
    received: (received: string, missing: string) => string;
    creditUsed: (amount: string) => string;
    minutesLeft: (minutes: number) => string;
  };
  mini: Record<'title' | 'lead' | 'ios' | 'android' | 'otherPhone' | 'copyLink', string>;
  window: {
    ask: (minutes: number) => string;
    lead: (rate: string, left: number) => string;
    opening: string;
    active: string;
    usedUp: string;
  };
  find: Record<
    | 'title'
    | 'lead'
    | 'amount'
    | 'reference'
    | 'referenceHint'
    | 'sentAt'
    | 'last4'
    | 'last4Hint'
    | 'optional'
    | 'submit'
    | 'searching'
    | 'needAmount'
    | 'needLast4'
    | 'found'
    | 'foundLead'
    | 'waiting'
    | 'waitingLead'
    | 'notFound'
    | 'notFoundLead'
    | 'toPurchase',
    string
  >;
}

const vi: PayMessages = {
  choose: {
    title: 'Cách thanh toán',
    saved: 'Đã lưu',
    other: 'Cách khác',
    setDefaultHint: 'Mặc định',
    credit: 'Tiền gửi',
    creditCovers: 'Tiền gửi đủ trả gói này.',
    due: 'Còn phải trả',
    price: 'Giá gói',
    none: 'Hiện chưa có cách thanh toán nào',
    noneHelp: 'Hãy hỏi nhân viên tại quầy.',
    fallback: 'Cách vừa rồi không được. Hãy chọn cách khác.',
    otherPackage: 'Chọn gói khác',
    gone: 'Gói này không còn bán. Hãy chọn gói khác.',
    useCredit: (amount) => `Dùng ${amount} tiền gửi`,
    pay: (amount) => `Trả ${amount}`,
    left: (amount) => `Số dư ${amount}`,
    short: (amount) => `Còn thiếu ${amount}`,
    expired: (label) => `${label}: cần liên kết lại trong Ví`,
    why: {
      needs_account: 'Cần tài khoản của quán',
      unavailable: 'Đang tạm ngừng',
      unusable: 'Cần liên kết lại trong Ví',
    },
    hint: {
      balance: 'Trừ ngay, không cần mở ứng dụng',
      wallet: 'Mở ứng dụng hoặc quét mã',
      redirect: 'Thẻ hoặc ứng dụng ngân hàng',
      bank_transfer: 'Mọi ứng dụng ngân hàng đều quét được',
      credit: 'Tiền quán đang giữ cho bạn',
    },
  },
  open: {
    title: 'Chờ thanh toán',
    left: 'Còn',
    over: 'Mã đã hết hạn',
    overLead: 'Đang kiểm tra lần cuối xem tiền đã đến chưa…',
    qrAlt: 'Mã QR thanh toán',
    saveQr: 'Lưu ảnh QR',
    saveQrHint:
      'Nếu ảnh chưa được lưu: nhấn giữ mã rồi chọn Lưu ảnh, hoặc chụp màn hình. Sau đó mở ảnh trong ứng dụng.',
    scanWallet: 'Hoặc quét mã bằng điện thoại khác',
    scanBank: 'Quét bằng ứng dụng ngân hàng, hoặc lưu ảnh rồi mở ảnh trong ứng dụng.',
    scanOther: 'Quét mã bằng ứng dụng trên điện thoại',
    toPage: 'Đến trang thanh toán',
    toPageLead: 'Trả xong bạn được đưa về đây.',
    bank: 'Ngân hàng',
    account: 'Số tài khoản',
    holder: 'Chủ tài khoản',
    amount: 'Số tiền',
    memo: 'Nội dung',
    memoWarning: 'Giữ đúng số tiền và nội dung để WiFi tự mở.',
    copy: 'Chép',
    copied: 'Đã chép',
    copyFailed: 'Nhấn giữ để chép',
    done: 'Tôi đã chuyển khoản',
    doneTitle: 'Đang chờ ngân hàng báo',
    doneLead: 'Thường mất vài giây, có khi một phút. WiFi tự mở khi tiền đến, bạn không cần làm gì thêm.',
    doneLong: 'Lâu hơn mọi khi. Nếu ứng dụng ngân hàng bỏ mất nội dung, chúng tôi có thể tìm khoản tiền giúp bạn.',
    find: 'Tìm khoản tôi đã chuyển',
    change: 'Đổi cách thanh toán',
    cancel: 'Không mua nữa',
    cancelAsk: 'Bỏ lần mua này? Nếu bạn đã chuyển tiền, tiền không mất: WiFi vẫn mở hoặc tiền được trả lại.',
    cancelYes: 'Không mua nữa',
    cancelNo: 'Trả tiếp',
    cancelling: 'Đang bỏ…',
    waiting: 'Đang chờ tiền đến. Trang tự chuyển khi đã nhận.',
    safe: 'Nếu bạn đã chuyển tiền, tiền không mất. Khi tiền đến, WiFi tự mở; nếu không mở được, tiền được trả lại.',
    lost: 'Mạng chập chờn, vẫn đang theo dõi…',
    chooseApp: 'Mở ứng dụng ngân hàng của bạn',
    otherApp: 'Ngân hàng khác',
    chooseBank: 'Chọn ngân hàng',
    fillsIn: 'Số tiền và nội dung được điền sẵn.',
    onlyOpens: 'Ngân hàng này chỉ mở ứng dụng: hãy lưu ảnh QR trước, hoặc chép thông tin bên dưới.',
    openApp: (name) => `Mở ứng dụng ${name}`,
    copyNamed: (what) => `Chép ${what}`,
    received: (received, missing) => `Đã nhận ${received}, còn thiếu ${missing}`,
    creditUsed: (amount) => `Đã dùng ${amount} tiền gửi`,
    minutesLeft: (minutes) => `Mã còn dùng được ${minutes} phút.`,
  },
  mini: {
    title: 'Không mở được ứng dụng?',
    lead: 'Cửa sổ đăng nhập WiFi của máy thường không cho mở ứng dụng khác.',
    ios: 'Lưu ảnh QR hoặc chép thông tin, rồi mở ứng dụng ngân hàng hay ví. Muốn dùng Safari: bấm Hủy, chọn “Sử dụng mà không cần Internet”, mở Safari và dán liên kết.',
    android:
      'Lưu ảnh QR hoặc chép thông tin, rồi mở ứng dụng ngân hàng hay ví. Muốn dùng trình duyệt: bấm dấu ba chấm, chọn “Dùng mạng này như hiện tại”, mở trình duyệt và dán liên kết.',
    otherPhone: 'Một điện thoại khác có mạng cũng quét và trả được mã này.',
    copyLink: 'Chép liên kết để mở bằng trình duyệt',
  },
  window: {
    ask: (minutes) => `Cần mạng để mở app ngân hàng? ${minutes} phút miễn phí`,
    lead: (rate, left) => `Tốc độ ${rate}, còn ${left} lần hôm nay.`,
    opening: 'Đang mở mạng…',
    active: 'Mạng đang mở tạm. Mở ứng dụng và trả ngay bây giờ.',
    usedUp: 'Hôm nay đã hết lượt mạng miễn phí. Hãy dùng 4G hoặc nhờ máy khác quét mã.',
  },
  find: {
    title: 'Tìm khoản tôi đã chuyển',
    lead: 'Nhập những gì ứng dụng ngân hàng cho thấy. Chỉ số tiền là bắt buộc, càng đủ càng dễ tìm.',
    amount: 'Số tiền đã chuyển (₫)',
    reference: 'Mã giao dịch của ngân hàng',
    referenceHint: 'Ví dụ FT26264882134',
    sentAt: 'Chuyển lúc',
    last4: '4 số cuối tài khoản của bạn',
    last4Hint: 'Tài khoản đã chuyển tiền đi',
    optional: 'không bắt buộc',
    submit: 'Tìm',
    searching: 'Đang tìm…',
    needAmount: 'Hãy nhập số tiền đã chuyển.',
    needLast4: 'Hãy nhập đúng 4 chữ số.',
    found: 'Đã tìm thấy',
    foundLead: 'Khoản tiền đã được ghép với lần mua của bạn.',
    waiting: 'Ngân hàng chưa báo',
    waitingLead: 'Chúng tôi biết lần mua của bạn và đang chờ ngân hàng báo tiền về. Trang mua tự chuyển khi tiền đến.',
    notFound: 'Chưa tìm thấy',
    notFoundLead:
      'Hãy thêm mã giao dịch hoặc 4 số cuối, hoặc tìm lại sau một phút. Nếu vẫn không thấy, hãy đưa biên lai chuyển tiền cho nhân viên: tiền không mất.',
    toPurchase: 'Xem lần mua',
  },
};

const en: PayMessages = {
  choose: {
    title: 'Choose how to pay',
    saved: 'Saved',
    other: 'Other ways',
    setDefaultHint: 'Default',
    credit: 'Store credit',
    creditCovers: 'Your store credit covers this package.',
    due: 'Left to pay',
    price: 'Package price',
    none: 'There is no way to pay right now',
    noneHelp: 'Ask the staff at the counter.',
    fallback: 'The last way did not work. Choose another one.',
    otherPackage: 'Pick another package',
    gone: 'This package is no longer on sale. Pick another one.',
    useCredit: (amount) => `Use ${amount} of store credit`,
    pay: (amount) => `Pay ${amount}`,
    left: (amount) => `Balance ${amount}`,
    short: (amount) => `${amount} short`,
    expired: (label) => `${label}: link it again in the wallet`,
    why: {
      needs_account: 'Needs an account of the café',
      unavailable: 'Switched off for now',
      unusable: 'Link it again in the wallet',
    },
    hint: {
      balance: 'Charged at once, no app needed',
      wallet: 'Open the app or scan a code',
      redirect: 'Card or banking app',
      bank_transfer: 'Every banking app can scan it',
      credit: 'Money the café keeps for you',
    },
  },
  open: {
    title: 'Waiting for your payment',
    left: 'Left',
    over: 'The code has expired',
    overLead: 'Looking one last time whether the money has come…',
    qrAlt: 'QR code to pay',
    saveQr: 'Save the QR picture',
    saveQrHint:
      'If nothing was saved: press and hold the code and choose Save image, or take a screenshot. Then open the picture in your app.',
    scanWallet: 'Or scan the code with another phone',
    scanBank: 'Scan it with a banking app, or save the picture and open it there.',
    scanOther: 'Scan the code with the app on your phone',
    toPage: 'Go to the payment page',
    toPageLead: 'You are brought back here after paying.',
    bank: 'Bank',
    account: 'Account number',
    holder: 'Account holder',
    amount: 'Amount',
    memo: 'Message',
    memoWarning: 'Keep amount and message exactly as they are, so that the WiFi opens by itself.',
    copy: 'Copy',
    copied: 'Copied',
    copyFailed: 'Press and hold to copy',
    done: 'I have sent the money',
    doneTitle: 'Waiting for the bank',
    doneLead: 'This takes a few seconds, sometimes a minute. The WiFi opens by itself when the money is here.',
    doneLong: 'This is longer than usual. If your bank dropped the message, we can look for your transfer.',
    find: 'Find my transfer',
    change: 'Pay another way',
    cancel: 'Do not buy',
    cancelAsk: 'Give up this purchase? If you have sent money, it is not lost: the WiFi still opens, or it goes back.',
    cancelYes: 'Do not buy',
    cancelNo: 'Keep paying',
    cancelling: 'Giving up…',
    waiting: 'Waiting for the money. This page moves on by itself.',
    safe: 'If you have sent money, it is not lost. When it arrives the WiFi opens by itself; if it cannot, the money goes back.',
    lost: 'The network is shaky, still watching…',
    chooseApp: 'Open your banking app',
    otherApp: 'Another bank',
    chooseBank: 'Choose a bank',
    fillsIn: 'Amount and text are filled in.',
    onlyOpens: 'This bank’s app only opens: save the QR picture first, or copy the details below.',
    openApp: (name) => `Open the ${name} app`,
    copyNamed: (what) => `Copy: ${what}`,
    received: (received, missing) => `${received} received, ${missing} still missing`,
    creditUsed: (amount) => `${amount} of store credit used`,
    minutesLeft: (minutes) => `The code works for ${minutes} more ${minutes === 1 ? 'minute' : 'minutes'}.`,
  },
  mini: {
    title: 'The app does not open?',
    lead: 'Your phone’s WiFi sign-in window often does not let other apps open.',
    ios: 'Save the QR picture or copy the details, then open your bank’s or wallet’s app. To use Safari: tap Cancel, choose “Use Without Internet”, open Safari and paste the link.',
    android:
      'Save the QR picture or copy the details, then open your bank’s or wallet’s app. To use the browser: tap the three dots, choose “Use this network as is”, open the browser and paste the link.',
    otherPhone: 'Another phone that is online can scan and pay this code too.',
    copyLink: 'Copy the link for the browser',
  },
  window: {
    ask: (minutes) => `Need internet for your banking app? ${minutes} free ${minutes === 1 ? 'minute' : 'minutes'}`,
    lead: (rate, left) => `Speed ${rate}, ${left} more ${left === 1 ? 'time' : 'times'} today.`,
    opening: 'Opening the network…',
    active: 'The network is open for now. Open your app and pay.',
    usedUp: 'No free internet left today. Use mobile data, or let another phone scan the code.',
  },
  find: {
    title: 'Find my transfer',
    lead: 'Enter what your banking app shows. Only the amount is needed; more makes it easier to find.',
    amount: 'Amount sent (₫)',
    reference: 'The bank’s transaction number',
    referenceHint: 'For example FT26264882134',
    sentAt: 'Sent at',
    last4: 'Last 4 digits of your account',
    last4Hint: 'The account the money came from',
    optional: 'optional',
    submit: 'Search',
    searching: 'Searching…',
    needAmount: 'Enter the amount you sent.',
    needLast4: 'Enter exactly 4 digits.',
    found: 'Found',
    foundLead: 'The transfer now belongs to your purchase.',
    waiting: 'The bank has not told us yet',
    waitingLead: 'We know your purchase and wait for the bank. Its page moves on by itself when the money is here.',
    notFound: 'Not found yet',
    notFoundLead:
      'Add the transaction number or the last 4 digits, or search again in a minute. If it stays like this, show the staff your bank’s confirmation: the money is not lost.',
    toPurchase: 'See the purchase',
  },
};

export const payTexts: Record<Language, PayMessages> = { vi, en };

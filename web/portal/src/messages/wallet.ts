// Texts of the wallet, the history and receipts. Loaded with those pages, not with the first one.
import type { Language } from '../api/types';

export interface WalletMessages {
  wallet: Record<
    | 'title'
    | 'lead'
    | 'empty'
    | 'emptyLead'
    | 'default'
    | 'makeDefault'
    | 'rename'
    | 'name'
    | 'save'
    | 'up'
    | 'down'
    | 'remove'
    | 'removeYes'
    | 'unusable'
    | 'neverUsed'
    | 'add'
    | 'addLead'
    | 'linking'
    | 'linkingLead'
    | 'linked'
    | 'linkFailed'
    | 'toPage'
    | 'credit'
    | 'creditLead'
    | 'creditNone'
    | 'membersOnly'
    | 'qrAlt',
    string
  > & {
    removeAsk: (name: string) => string;
    named: (action: string, name: string) => string;
    usage: (payments: number, total: string) => string;
    lastUsed: (time: string) => string;
    expires: (date: string) => string;
    link: (name: string) => string;
    openApp: (name: string) => string;
    why: Record<'kept_refund' | 'surplus' | 'spent' | 'returned' | 'adjusted', string>;
  };
  bank: Record<
    'add' | 'title' | 'lead' | 'bank' | 'choose' | 'opened' | 'others' | 'number' | 'needBank' | 'needNumber' | 'save',
    string
  >;
  history: Record<
    'state' | 'method' | 'all' | 'apply' | 'more' | 'noMatch' | 'receipt' | 'details' | 'findTransfer',
    string
  > & {
    refunded: (amount: string) => string;
    creditUsed: (amount: string) => string;
    receiptNamed: (name: string, time: string) => string;
  };
  receipt: Record<
    | 'title'
    | 'number'
    | 'seller'
    | 'package'
    | 'paidAt'
    | 'method'
    | 'price'
    | 'credit'
    | 'paid'
    | 'refund'
    | 'refunding'
    | 'kept'
    | 'reference'
    | 'print'
    | 'pdf',
    string
  >;
}

const vi: WalletMessages = {
  wallet: {
    title: 'Ví',
    lead: 'Liên kết một lần, lần sau chỉ cần một chạm.',
    empty: 'Chưa liên kết cách thanh toán nào',
    emptyLead: 'Liên kết ví để lần sau mua bằng một chạm.',
    default: 'Mặc định',
    makeDefault: 'Đặt làm mặc định',
    rename: 'Đổi tên',
    name: 'Tên gợi nhớ',
    save: 'Lưu',
    up: 'Lên trên',
    down: 'Xuống dưới',
    remove: 'Gỡ',
    removeYes: 'Gỡ khỏi ví',
    unusable: 'Không dùng được nữa. Hãy gỡ rồi liên kết lại.',
    neverUsed: 'Chưa dùng lần nào',
    add: 'Liên kết thêm',
    addLead: 'Bạn xác nhận một lần trong ứng dụng ví. Có thể gỡ bất cứ lúc nào.',
    linking: 'Đang chờ bạn xác nhận',
    linkingLead: 'Hãy đồng ý trong ứng dụng ví. Trang này tự cập nhật.',
    linked: 'Đã lưu vào ví',
    linkFailed: 'Chưa liên kết được. Ví đã từ chối hoặc quá hạn, hãy thử lại.',
    toPage: 'Đến trang của ví',
    credit: 'Tiền gửi',
    creditLead: 'Tiền quán giữ cho bạn, được dùng trước khi mua.',
    creditNone: 'Bạn chưa có tiền gửi.',
    membersOnly: 'Ví dành cho tài khoản của quán. Hãy đăng nhập để dùng.',
    qrAlt: 'Mã QR để liên kết ví',
    removeAsk: (name) => `Gỡ ${name} khỏi ví?`,
    named: (action, name) => `${action}: ${name}`,
    usage: (payments, total) => `${payments} lần · ${total}`,
    lastUsed: (time) => `gần nhất ${time}`,
    expires: (date) => `Hết hạn ${date}`,
    link: (name) => `Liên kết ${name}`,
    openApp: (name) => `Mở ứng dụng ${name}`,
    why: {
      kept_refund: 'Giữ lại thay vì hoàn',
      surplus: 'Trả dư',
      spent: 'Đã dùng để mua',
      returned: 'Trả lại từ lần mua không thành',
      adjusted: 'Nhân viên điều chỉnh',
    },
  },
  bank: {
    add: 'Thêm ngân hàng',
    title: 'Tài khoản ngân hàng của bạn',
    lead: 'Lần sau một chạm là mở đúng ứng dụng ngân hàng để chuyển khoản. Nếu phải trả lại tiền chuyển khoản, quán có thể chuyển về đây. Không ai trừ tiền được từ tài khoản này.',
    bank: 'Ngân hàng',
    choose: 'Chọn ngân hàng',
    opened: 'Mở ứng dụng bằng một chạm',
    others: 'Ngân hàng khác',
    number: 'Số tài khoản',
    needBank: 'Hãy chọn ngân hàng.',
    needNumber: 'Số tài khoản gồm 6 đến 19 chữ số hoặc chữ cái không dấu.',
    save: 'Lưu tài khoản',
  },
  history: {
    state: 'Trạng thái',
    method: 'Cách trả',
    all: 'Tất cả',
    apply: 'Lọc',
    more: 'Xem thêm',
    noMatch: 'Không có giao dịch nào khớp.',
    receipt: 'Biên nhận',
    details: 'Chi tiết',
    findTransfer: 'Chuyển khoản mà chưa thấy?',
    refunded: (amount) => `đã hoàn ${amount}`,
    creditUsed: (amount) => `dùng ${amount} tiền gửi`,
    receiptNamed: (name, time) => `Biên nhận: ${name}, ${time}`,
  },
  receipt: {
    title: 'Biên nhận',
    number: 'Số',
    seller: 'Nơi bán',
    package: 'Gói',
    paidAt: 'Trả lúc',
    method: 'Cách trả',
    price: 'Giá',
    credit: 'Từ tiền gửi',
    paid: 'Đã trả',
    refund: 'Đã hoàn',
    refunding: 'Đang hoàn',
    kept: 'Tổng cộng',
    reference: 'Mã tham chiếu',
    print: 'In',
    pdf: 'Tải PDF',
  },
};

const en: WalletMessages = {
  wallet: {
    title: 'Wallet',
    lead: 'Link it once, pay with one tap from then on.',
    empty: 'Nothing is linked yet',
    emptyLead: 'Link a wallet to buy with one tap next time.',
    default: 'Default',
    makeDefault: 'Make default',
    rename: 'Rename',
    name: 'Your name for it',
    save: 'Save',
    up: 'Move up',
    down: 'Move down',
    remove: 'Remove',
    removeYes: 'Remove it',
    unusable: 'It no longer works. Remove it and link it again.',
    neverUsed: 'Not used yet',
    add: 'Link another',
    addLead: 'You agree once in the wallet’s app, and can remove it whenever you like.',
    linking: 'Waiting for you to agree',
    linkingLead: 'Agree in the wallet’s app. This page updates by itself.',
    linked: 'Saved in your wallet',
    linkFailed: 'It could not be linked. The wallet refused or it took too long; try again.',
    toPage: 'Go to the wallet’s page',
    credit: 'Store credit',
    creditLead: 'Money the café keeps for you; it is spent first.',
    creditNone: 'You have no store credit.',
    membersOnly: 'The wallet is for accounts of the café. Sign in to use it.',
    qrAlt: 'QR code to link the wallet',
    removeAsk: (name) => `Remove ${name} from your wallet?`,
    named: (action, name) => `${action}: ${name}`,
    usage: (payments, total) => `${payments} ${payments === 1 ? 'payment' : 'payments'} · ${total}`,
    lastUsed: (time) => `last ${time}`,
    expires: (date) => `Expires ${date}`,
    link: (name) => `Link ${name}`,
    openApp: (name) => `Open the ${name} app`,
    why: {
      kept_refund: 'Kept instead of a refund',
      surplus: 'Paid too much',
      spent: 'Spent on a purchase',
      returned: 'Back from a failed purchase',
      adjusted: 'Adjusted by the staff',
    },
  },
  bank: {
    add: 'Add a bank account',
    title: 'Your bank account',
    lead: 'From then on one tap opens your bank’s app for the transfer. If a transfer has to go back, the café can send it here. Nobody can take money from it.',
    bank: 'Bank',
    choose: 'Choose a bank',
    opened: 'App opens with one tap',
    others: 'Other banks',
    number: 'Account number',
    needBank: 'Choose your bank.',
    needNumber: 'An account number has 6 to 19 digits or plain letters.',
    save: 'Save the account',
  },
  history: {
    state: 'State',
    method: 'Paid with',
    all: 'All',
    apply: 'Filter',
    more: 'Show more',
    noMatch: 'No transaction matches.',
    receipt: 'Receipt',
    details: 'Details',
    findTransfer: 'Sent money that does not show?',
    refunded: (amount) => `${amount} refunded`,
    creditUsed: (amount) => `${amount} of store credit`,
    receiptNamed: (name, time) => `Receipt: ${name}, ${time}`,
  },
  receipt: {
    title: 'Receipt',
    number: 'Number',
    seller: 'Sold by',
    package: 'Package',
    paidAt: 'Paid at',
    method: 'Paid with',
    price: 'Price',
    credit: 'From store credit',
    paid: 'Paid',
    refund: 'Refunded',
    refunding: 'Being refunded',
    kept: 'Total',
    reference: 'Reference',
    print: 'Print',
    pdf: 'Get the PDF',
  },
};

export const walletTexts: Record<Language, WalletMessages> = { vi, en };

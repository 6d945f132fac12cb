// What the mock sells and what can go wrong there.

const hour = 3_600;

/** status and action of each code: the table of docs/openapi.yaml. */
export const problems = {
  VALIDATION_FAILED: [422, 'retry'],
  NOT_SIGNED_IN: [401, 'sign_in'],
  CSRF_FAILED: [403, 'reload'],
  IDEMPOTENCY_CONFLICT: [409, 'reload'],
  NOT_FOUND: [404, 'reload'],
  TRY_LATER: [503, 'retry'],
  VISIT_UNKNOWN: [400, 'reopen_portal'],
  PACKAGE_NOT_AVAILABLE: [409, 'choose_package'],
  PACKAGE_AT_CAPACITY: [409, 'choose_package'],
  PRICE_CHANGED: [409, 'accept_new_price'],
  DEVICE_ALREADY_ACTIVE: [409, 'sign_in'],
  DEVICE_BLOCKED: [403, 'ask_staff'],
  MAX_DEVICES_REACHED: [409, 'manage_devices'],
  PURCHASE_LIMIT_REACHED: [409, 'choose_package'],
  INSUFFICIENT_BALANCE: [402, 'top_up'],
  INVALID_CREDENTIALS: [401, 'retry'],
  ACCOUNT_SUSPENDED: [403, 'ask_staff'],
  RATE_LIMITED: [429, 'wait'],
  PC_SYSTEM_UNAVAILABLE: [503, 'retry'],
  PAYMENT_DECLINED: [402, 'ask_staff'],
  PAYMENT_EXPIRED: [409, 'choose_package'],
  AMOUNT_MISMATCH: [409, 'ask_staff'],
  PAYMENT_SET_ASIDE: [409, 'ask_staff'],
  STAFF_REFUND: [409, 'choose_package'],
  PAYMENT_METHOD_INACTIVE: [409, 'ask_staff'],
  ACTIVATION_FAILED: [502, 'retry'],
  SESSION_EXPIRED: [409, 'choose_package'],
  PAYMENT_CANCELLED: [409, 'choose_method'],
  PAYMENT_UNAVAILABLE: [503, 'choose_method'],
  REAUTHENTICATION_REQUIRED: [401, 'reauthenticate'],
  LAST_METHOD: [409, 'choose_method'],
  PAYMENT_WINDOW_USED_UP: [409, 'choose_method'],
  CREDIT_CHANGED: [409, 'retry'],
  PAYER_FUNDS_SHORT: [402, 'choose_method'],
  PAYER_ACCOUNT_LOCKED: [402, 'choose_method'],
};

export function problem(code, extra = {}) {
  const [status, action] = problems[code];
  const waits = { RATE_LIMITED: 90, PC_SYSTEM_UNAVAILABLE: 5, TRY_LATER: 5 };
  const wait = code in waits ? { retry_after_seconds: waits[code] } : {};
  const type = `urn:iwas:problem:${code}`;
  return { type, title: code, status, detail: `${code}.`, code, action, request_id: 'req_7K2M', ...wait, ...extra };
}

export const devices = {
  phone: { id: 'dev_1', mac_masked: 'A4:5E:••:••:••:0F', is_private_mac: false },
  tablet: { id: 'dev_2', mac_masked: '3C:22:••:••:••:71', is_private_mac: false },
  spare: { id: 'dev_3', mac_masked: '02:9B:••:••:••:C4', is_private_mac: true },
};

export function packagesOf(language) {
  const vi = language === 'vi';
  const item = (id, name, description, price, hours, down, up, extra = {}) => ({
    id,
    name,
    description,
    price,
    duration_seconds: hours * hour,
    rate: { down_mbps: down, up_mbps: up },
    data_cap_bytes: null,
    device_limit: 1,
    recommended: false,
    available: true,
    unavailable_code: null,
    ...extra,
  });
  return [
    item('pkg_1h', vi ? 'Lướt nhanh' : 'Quick', '', 5_000, 1, 10, 2, { data_cap_bytes: 2_000_000_000 }),
    item(
      'pkg_3h',
      vi ? 'Game thủ' : 'Gamer',
      vi ? 'Đủ cho một buổi leo rank.' : 'Enough for an evening of ranked.',
      12_000,
      3,
      20,
      5,
      {
        recommended: true,
      },
    ),
    item('pkg_day', vi ? 'Cả ngày' : 'All day', '', 30_000, 24, 20, 5, { device_limit: 2 }),
    item('pkg_night', vi ? 'Xuyên đêm' : 'All night', '', 20_000, 9, 50, 10, {
      available: false,
      unavailable_code: 'PACKAGE_AT_CAPACITY',
    }),
  ];
}

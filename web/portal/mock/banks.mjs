// The banks of the mock: some of those that the server knows.
const bank = (bank_bin, bank_name, full_name, id, fills_in = false) => ({
  bank_bin,
  bank_name,
  full_name,
  app: id === null ? null : { id, fills_in },
});

export const banks = [
  bank('970403', 'Sacombank', 'Ngân hàng TMCP Sài Gòn Thương Tín', null),
  bank('970415', 'VietinBank', 'Ngân hàng TMCP Công thương Việt Nam', 'icb', true),
  bank('970418', 'BIDV', 'Ngân hàng TMCP Đầu tư và Phát triển Việt Nam', 'bidv', true),
  bank('970422', 'MB Bank', 'Ngân hàng TMCP Quân đội', 'mb', true),
  bank('970436', 'Vietcombank', 'Ngân hàng TMCP Ngoại Thương Việt Nam', 'vcb'),
];

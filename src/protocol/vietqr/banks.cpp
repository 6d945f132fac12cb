#include "protocol/vietqr/banks.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <array>

namespace iwas::vietqr {

namespace {

using enum BankSupport;

// One bank a line, so that a change reads as one.
// clang-format off
constexpr auto list = std::to_array<Bank>({
    {"422589", "CIMB", "", "CIMB Bank", "Ngân hàng TNHH MTV CIMB Việt Nam", "CIBBVNVN", receive_only, false},
    {"458761", "HSBC", "", "HSBC Vietnam", "Ngân hàng TNHH MTV HSBC (Việt Nam)", "HSBCVNVX", receive_only, false},
    {"546034", "CAKE", "", "CAKE by VPBank", "Ngân hàng số CAKE by VPBank - Ngân hàng TMCP Việt Nam Thịnh Vượng", "", scan_and_receive, false},
    {"546035", "UBANK", "", "Ubank by VPBank", "Ngân hàng số Ubank by VPBank - Ngân hàng TMCP Việt Nam Thịnh Vượng", "", scan_and_receive, false},
    {"668888", "KBANK", "", "Kasikornbank", "Ngân hàng Đại chúng TNHH KASIKORNBANK - CN TP. Hồ Chí Minh", "KASIVNVX", scan_and_receive, false},
    {"796500", "DBS", "", "DBS Bank", "NH TNHH MTV Phát triển Singapore - Chi nhánh TP. Hồ Chí Minh", "DBSSVNVX", receive_only, false},
    {"801011", "NONGHYUP", "", "Nonghyup Bank", "Ngân hàng Nonghyup - Chi nhánh Hà Nội", "", receive_only, false},
    {"963369", "LIOBANK", "", "Liobank", "Ngân hàng số Liobank - Ngân hàng TMCP Phương Đông", "", scan_and_receive, false},
    {"963388", "TIMO", "", "Timo", "Ngân hàng số Timo by Bản Việt Bank", "", scan_and_receive, false},
    {"970400", "SGICB", "SGB", "SaigonBank", "Ngân hàng TMCP Sài Gòn Công Thương", "SBITVNVX", scan_and_receive, true},
    {"970403", "STB", "", "Sacombank", "Ngân hàng TMCP Sài Gòn Thương Tín", "SGTTVNVX", scan_and_receive, true},
    {"970405", "VBA", "AGRIBANK", "Agribank", "Ngân hàng Nông nghiệp và Phát triển Nông thôn Việt Nam", "VBAAVNVX", scan_and_receive, true},
    {"970406", "DOB", "VIKKI", "Vikki Bank", "Ngân hàng TNHH MTV Số Vikki", "EACBVNVX", scan_and_receive, true},
    {"970407", "TCB", "", "Techcombank", "Ngân hàng TMCP Kỹ thương Việt Nam", "VTCBVNVX", scan_and_receive, true},
    {"970408", "GPB", "GPBANK", "GPBank", "Ngân hàng Thương mại TNHH MTV Dầu Khí Toàn Cầu", "GBNKVNVX", receive_only, true},
    {"970409", "BAB", "", "BacA Bank", "Ngân hàng TMCP Bắc Á", "NASCVNVX", scan_and_receive, true},
    {"970410", "SCVN", "SC", "Standard Chartered Vietnam", "Ngân hàng TNHH MTV Standard Chartered Bank Việt Nam", "SCBLVNVX", receive_only, true},
    {"970412", "PVCB", "PVCOMBANK", "PVcomBank", "Ngân hàng TMCP Đại Chúng Việt Nam", "WBVNVNVX", scan_and_receive, true},
    {"970414", "Oceanbank", "MBV", "MBV", "Ngân hàng TNHH MTV Việt Nam Hiện Đại", "OCBKUS3M", scan_and_receive, true},
    {"970415", "ICB", "CTG", "VietinBank", "Ngân hàng TMCP Công thương Việt Nam", "ICBVVNVX", scan_and_receive, true},
    {"970416", "ACB", "", "ACB", "Ngân hàng TMCP Á Châu", "ASCBVNVX", scan_and_receive, true},
    {"970418", "BIDV", "BID", "BIDV", "Ngân hàng TMCP Đầu tư và Phát triển Việt Nam", "BIDVVNVX", scan_and_receive, true},
    {"970419", "NCB", "NVB", "NCB Bank", "Ngân hàng TMCP Quốc Dân", "NVBAVNVX", scan_and_receive, true},
    {"970421", "VRB", "", "VietNgaBank", "Ngân hàng Liên doanh Việt - Nga", "VRBAVNVX", receive_only, true},
    {"970422", "MB", "MBB", "MB Bank", "Ngân hàng TMCP Quân đội", "MSCBVNVX", scan_and_receive, true},
    {"970423", "TPB", "", "TPBank", "Ngân hàng TMCP Tiên Phong", "TPBVVNVX", scan_and_receive, true},
    {"970424", "SHBVN", "SVB", "Shinhan Bank", "Ngân hàng TNHH MTV Shinhan Việt Nam", "SHBKVNVX", scan_and_receive, true},
    {"970425", "ABB", "", "AB Bank", "Ngân hàng TMCP An Bình", "ABBKVNVX", scan_and_receive, true},
    {"970426", "MSB", "", "MSB", "Ngân hàng TMCP Hàng Hải", "MCOBVNVX", scan_and_receive, true},
    {"970427", "VAB", "", "VietABank", "Ngân hàng TMCP Việt Á", "VNACVNVX", scan_and_receive, true},
    {"970428", "NAB", "", "Nam A Bank", "Ngân hàng TMCP Nam Á", "NAMAVNVX", scan_and_receive, true},
    {"970429", "SCB", "", "SCB", "Ngân hàng TMCP Sài Gòn", "SACLVNVX", scan_and_receive, true},
    {"970430", "PGB", "", "PG Bank", "Ngân hàng TMCP Xăng dầu Petrolimex", "PGBLVNVX", scan_and_receive, true},
    {"970431", "EIB", "", "Eximbank", "Ngân hàng TMCP Xuất Nhập khẩu Việt Nam", "EBVIVNVX", scan_and_receive, true},
    {"970432", "VPB", "", "VPBank", "Ngân hàng TMCP Việt Nam Thịnh Vượng", "VPBKVNVX", scan_and_receive, true},
    {"970433", "VIETBANK", "VBB", "VietBank", "Ngân hàng TMCP Việt Nam Thương Tín", "VNTTVNVX", scan_and_receive, true},
    {"970434", "IVB", "", "Indovina Bank", "Ngân hàng TNHH Indovina", "IABBVNVX", receive_only, true},
    {"970436", "VCB", "", "Vietcombank", "Ngân hàng TMCP Ngoại Thương Việt Nam", "BFTVVNVX", scan_and_receive, true},
    {"970437", "HDB", "", "HDBank", "Ngân hàng TMCP Phát triển TP. Hồ Chí Minh", "HDBCVNVX", scan_and_receive, true},
    {"970438", "BVB", "BAOVIETBANK", "BaoViet Bank", "Ngân hàng TMCP Bảo Việt", "BVBVVNVX", scan_and_receive, true},
    {"970439", "PBVN", "", "Public Bank Vietnam", "Ngân hàng TNHH MTV Public Việt Nam", "VIDPVNVX", receive_only, true},
    {"970440", "SEAB", "SSB", "SeABank", "Ngân hàng TMCP Đông Nam Á", "SEAVVNVX", scan_and_receive, true},
    {"970441", "VIB", "", "VIB", "Ngân hàng TMCP Quốc tế Việt Nam", "VNIBVNVX", scan_and_receive, true},
    {"970442", "HLBVN", "HLB", "HongLeong Bank", "Ngân hàng TNHH MTV Hong Leong Việt Nam", "HLBBVNVX", receive_only, true},
    {"970443", "SHB", "", "SHB", "Ngân hàng TMCP Sài Gòn - Hà Nội", "SHBAVNVX", scan_and_receive, true},
    {"970444", "CBB", "VNCB", "CB Bank", "Ngân hàng Thương mại TNHH MTV Xây dựng Việt Nam", "GTBAVNVX", receive_only, true},
    {"970446", "COOPBANK", "", "Co-op Bank", "Ngân hàng Hợp tác xã Việt Nam", "", scan_and_receive, true},
    {"970448", "OCB", "", "OCB Bank", "Ngân hàng TMCP Phương Đông", "ORCOVNVX", scan_and_receive, true},
    {"970449", "LPB", "", "LPBank", "Ngân hàng TMCP Lộc Phát Việt Nam", "LVBKVNVX", scan_and_receive, true},
    {"970452", "KLB", "", "KienlongBank", "Ngân hàng TMCP Kiên Long", "KLBKVNVX", scan_and_receive, true},
    {"970454", "VCCB", "BVB", "BVBank", "Ngân hàng TMCP Bản Việt", "VCBCVNVX", scan_and_receive, true},
    {"970455", "IBKHN", "", "IBK HN", "Ngân hàng Công nghiệp Hàn Quốc - Chi nhánh Hà Nội", "IBKOVNVX", receive_only, true},
    {"970456", "IBKHCM", "", "IBK HCM", "Ngân hàng Công nghiệp Hàn Quốc - Chi nhánh TP. Hồ Chí Minh", "IBKOVNVX", receive_only, true},
    {"970457", "WVN", "WRB", "Woori Bank", "Ngân hàng TNHH MTV Woori Việt Nam", "HVBKVNVX", receive_only, true},
    {"970458", "UOB", "", "United Overseas Bank Vietnam", "Ngân hàng United Overseas Bank Việt Nam", "UOVBVNVX", receive_only, true},
    {"970459", "CIMB", "", "CIMBBank", "Ngân hàng TNHH Một Thành Viên CIMB Việt Nam", "CIBBVNVN", unknown, true},
    {"970460", "Vietcredit", "", "Vietcredit", "Công ty Tài chính cổ phần Xi Măng", "", unknown, true},
    {"970462", "KBHN", "", "Kookmin Bank HN", "Ngân hàng Kookmin - Chi nhánh Hà Nội", "CZNBVN2X", receive_only, true},
    {"970463", "KBHCM", "", "Kookmin Bank HCM", "Ngân hàng Kookmin - Chi nhánh TP. Hồ Chí Minh", "CZNBVNVX", receive_only, true},
    {"970464", "FCCOM", "", "TNEXFinance", "Công ty Tài chính TNHH MTV CỘNG ĐỒNG", "", unknown, true},
    {"970465", "SINOPAC", "", "SINOPAC", "Ngân hàng SINOPAC - Chi nhánh Tp. Hồ Chí Minh", "SINOVNVX", unknown, true},
    {"970466", "KEBHANAHCM", "", "KEBHanaHCM", "Ngân hàng KEB HANA - Chi nhánh Tp. Hồ Chí Minh", "KOEXVN2X", unknown, true},
    {"970467", "KEBHANAHN", "", "KEBHANAHN", "Ngân hàng KEB HANA - Chi nhánh Hà Nội", "KOEXVNVX", unknown, true},
    {"970468", "MAFC", "", "MAFC", "Công ty Tài chính TNHH MTV Mirae Asset (Việt Nam)", "", unknown, true},
    {"970470", "MCredit", "", "MCredit", "Công ty Tài chính TNHH MB SHINSEI", "", unknown, true},
    {"971025", "MOMO", "", "MoMo", "CTCP Dịch Vụ Di Động Trực Tuyến", "", scan_and_receive, false},
});
// clang-format on
static_assert(std::ranges::is_sorted(list, {}, &Bank::bin));

} // namespace

std::span<const Bank> banks()
{
    return list;
}

const Bank* find_bank_by_bin(std::string_view bin)
{
    const auto* found = std::ranges::lower_bound(list, bin, {}, &Bank::bin);
    return found != list.end() && found->bin == bin ? found : nullptr;
}

std::string_view name_of_bank(std::string_view bin)
{
    const Bank* bank = find_bank_by_bin(bin);
    return bank ? bank->short_name : bin;
}

std::vector<const Bank*> find_banks_by_code(std::string_view code)
{
    std::vector<const Bank*> found;
    if (code.empty()) return found;
    for (const Bank& bank : list)
        if (equal_ignoring_case(bank.code, code) || equal_ignoring_case(bank.other_code, code))
            found.push_back(&bank);
    return found;
}

} // namespace iwas::vietqr

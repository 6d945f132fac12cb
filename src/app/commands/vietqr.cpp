// vietqr: for technicians. Writes the text and image of a bank transfer's QR, reads one, lists
// banks.
#include "adapters/qr/qr_image.hpp"
#include "app/commands/commands.hpp"
#include "core/text.hpp"
#include "protocol/vietqr/banks.hpp"
#include "protocol/vietqr/fields.hpp"
#include "protocol/vietqr/order_code.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <iostream>
#include <memory>

namespace iwas::app {

namespace {

constexpr int image_module_pixels_default = 8;

struct QrEncodeOptions {
    std::string bank;
    std::string amount;
    bool is_reusable = false;
    vietqr::Transfer transfer;
    std::string svg_file;
    std::string png_file;
    int module_pixels = image_module_pixels_default;
};

struct QrDecodeOptions {
    std::string text;
    bool with_fields = false;
};

std::string described(const vietqr::Bank& bank)
{
    return fmt::format("{} {} ({})", bank.bin, bank.short_name, bank.name);
}

/// A BIN as it is, or the one bank that has this code.
std::string bin_of(const std::string& bank)
{
    if (bank.size() == 6 && bank.find_first_not_of("0123456789") == std::string::npos) return bank;
    const auto found = vietqr::find_banks_by_code(bank);
    if (found.size() == 1) return std::string{found.front()->bin};
    if (found.empty())
        throw std::runtime_error{
            bank + ": is no bank's code; give its BIN, see `iwas vietqr banks`"};
    std::string several = bank + ": is the code of several banks; give the BIN:";
    for (const vietqr::Bank* each : found)
        several += "\n  " + described(*each);
    throw std::runtime_error{several};
}

Money amount_of(const std::string& text)
{
    std::int64_t vnd = 0;
    const char* end = text.data() + text.size();
    const auto [read_to, error] = std::from_chars(text.data(), end, vnd);
    if (error != std::errc{} || read_to != end)
        throw std::runtime_error{text + ": expected an amount in dong, digits only, such as 20000"};
    return Money{vnd};
}

template <class T>
T drawn(Result<T, adapters::QrError> image)
{
    if (!image) throw std::runtime_error{std::string{adapters::to_text(image.error())}};
    return std::move(*image);
}

void write_file(const std::string& name, std::string_view octets)
{
    std::ofstream file{name, std::ios::binary | std::ios::trunc};
    file.write(octets.data(), static_cast<std::streamsize>(octets.size()));
    file.close();
    if (!file) throw std::runtime_error{name + ": cannot be written"};
}

void encode_qr(const QrEncodeOptions& options)
{
    vietqr::Transfer transfer = options.transfer;
    transfer.bank_bin = bin_of(options.bank);
    if (!options.amount.empty()) transfer.amount = amount_of(options.amount);
    transfer.is_dynamic = transfer.amount && !options.is_reusable;
    const auto text = vietqr::encode(transfer);
    if (!text) throw std::runtime_error{std::string{vietqr::to_text(text.error())}};
    const adapters::QrStyle style{.module_pixels = options.module_pixels, .title = "VietQR"};
    if (!options.svg_file.empty())
        write_file(options.svg_file, drawn(adapters::qr_svg(*text, style)));
    if (!options.png_file.empty())
        write_file(options.png_file, as_text(drawn(adapters::qr_png(*text, style))));
    fmt::print("{}\n", *text);
}

void print_part(std::string_view name, std::string_view value)
{
    if (!value.empty()) fmt::print("{:<18} {}\n", name, value);
}

void print_transfer(const vietqr::Transfer& transfer)
{
    const vietqr::Bank* bank = vietqr::find_bank_by_bin(transfer.bank_bin);
    print_part("bank", bank ? described(*bank) : transfer.bank_bin + " (not in our list)");
    print_part(transfer.to_card ? "card" : "account", transfer.account);
    print_part(
        "amount",
        transfer.amount ? fmt::format("{} VND", transfer.amount->vnd()) : "the customer types it");
    print_part("transfer text", transfer.purpose);
    print_part("bill number", transfer.reference);
    print_part("reference label", transfer.reference_label);
    print_part("merchant", transfer.merchant_name);
    print_part("city", transfer.merchant_city);
    print_part("merchant category", transfer.merchant_category);
    print_part("use", transfer.is_dynamic ? "one payment" : "again and again");
    for (const std::string& code : vietqr::find_order_codes(transfer.purpose))
        print_part("order code", code);
}

/// Also of a text that `decode_qr` refuses, as far as it is framed.
void print_fields(std::string_view text)
{
    const auto fields = vietqr::list_fields(text);
    if (!fields) return; // decode_qr names the reason
    for (const vietqr::ListedField& field : *fields)
        fmt::print("{:<8} {:<24} {}\n", field.path, field.name, field.value);
}

std::string first_line_of_input()
{
    std::string line;
    std::getline(std::cin, line);
    return line;
}

void decode_qr(const QrDecodeOptions& options)
{
    const std::string given = options.text == "-" ? first_line_of_input() : options.text;
    // Blanks and line ends around it come from copying; within it nothing is forgiven.
    const std::string_view text = trimmed(given, " \t\r\n");
    if (options.with_fields) print_fields(text);
    const auto transfer = vietqr::decode(text);
    if (!transfer) throw std::runtime_error{"not a VietQR: " + vietqr::to_text(transfer.error())};
    if (options.with_fields) fmt::print("\n");
    print_transfer(*transfer);
}

std::string_view support_of(const vietqr::Bank& bank)
{
    switch (bank.support) {
    case vietqr::BankSupport::scan_and_receive: return "scans, receives";
    case vietqr::BankSupport::receive_only: return "receives";
    case vietqr::BankSupport::unknown: return "not known";
    }
    return "";
}

/// Whether BIN, a code or the short name holds `word`, in any case.
bool holds(const vietqr::Bank& bank, std::string_view word)
{
    const auto in = [&](std::string_view text) {
        return std::ranges::search(text, word, {}, lower, lower).begin() != text.end();
    };
    return in(bank.bin) || in(bank.code) || in(bank.other_code) || in(bank.short_name);
}

void print_banks(const std::string& word)
{
    constexpr std::string_view row = "{:<6}  {:<10}  {:<11}  {:<28}  {:<8}  {:<15}  {}\n";
    bool is_any = false;
    for (const vietqr::Bank& bank : vietqr::banks()) {
        if (!holds(bank, word)) continue;
        if (!is_any) fmt::print(row, "BIN", "code", "or", "short name", "SWIFT", "VietQR", "name");
        is_any = true;
        fmt::print(
            row, bank.bin, bank.code, bank.other_code, bank.short_name, bank.swift,
            support_of(bank), bank.name);
    }
    if (!is_any) throw std::runtime_error{word + ": no bank has this in its BIN, code or name"};
}

void add_encode(CLI::App& command)
{
    auto* encoding = command.add_subcommand(
        "encode", "Print the text of a transfer's QR; with --svg or --png draw it");
    auto options = std::make_shared<QrEncodeOptions>();
    vietqr::Transfer& transfer = options->transfer;
    encoding->add_option("--bank", options->bank, "The bank's BIN or code (970436, VCB)")
        ->required();
    encoding->add_option("--account", transfer.account, "Account or card number")->required();
    encoding->add_flag("--card", transfer.to_card, "The number is a card's");
    encoding->add_option(
        "--amount", options->amount, "In dong; without it the customer types the amount");
    encoding->add_option(
        "--purpose", transfer.purpose, "The transfer's text, 25 characters; best A-Z, 0-9, blanks");
    encoding->add_option("--reference", transfer.reference, "Bill number, 25 characters");
    encoding->add_option("--label", transfer.reference_label, "Reference label, as MoMo wants one");
    encoding->add_option("--name", transfer.merchant_name, "Merchant, 25 characters");
    encoding->add_option("--city", transfer.merchant_city, "City, 15 characters");
    encoding->add_option(
        "--category", transfer.merchant_category, "Merchant category, four digits");
    encoding->add_flag(
        "--reusable", options->is_reusable, "With an amount too, the QR is for many payments");
    encoding->add_option("--svg", options->svg_file, "Draw it into this file");
    encoding->add_option("--png", options->png_file, "Draw it into this file");
    encoding->add_option("--module", options->module_pixels, "Edge of a module in pixels, 1 to 64")
        ->capture_default_str();
    encoding->callback([options] { encode_qr(*options); });
}

} // namespace

void add_vietqr(CLI::App& app, const CommonOptions&)
{
    auto* command = app.add_subcommand("vietqr", "Write and read the QR of a bank transfer");
    command->require_subcommand(1);
    add_encode(*command);

    auto* decoding = command->add_subcommand(
        "decode", "Check the text of a VietQR strictly and print what it says");
    auto options = std::make_shared<QrDecodeOptions>();
    decoding->add_option("TEXT", options->text, "What the QR holds; - reads a line of the input")
        ->required();
    decoding->add_flag("--fields", options->with_fields, "List every field, also of a wrong text");
    decoding->callback([options] { decode_qr(*options); });

    auto* listing = command->add_subcommand("banks", "List the banks and their BINs");
    auto word = std::make_shared<std::string>();
    listing->add_option("WORD", *word, "Only those with this in their BIN, code or short name");
    listing->callback([word] { print_banks(*word); });
}

} // namespace iwas::app

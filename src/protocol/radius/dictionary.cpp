#include "protocol/radius/dictionary.hpp"

#include "core/assert.hpp"
#include "protocol/radius/dictionary_texts.hpp"

#include <array>
#include <charconv>
#include <span>

namespace iwas::radius {

namespace {

constexpr int include_depth_max = 8;
constexpr int include_count_max = 1000;
constexpr std::size_t text_octets_max = 4U << 20;
constexpr std::size_t word_characters_max = 128;
constexpr std::size_t word_count_max = 8;

using Words = std::span<const std::string_view>;

/// Decimal, or hexadecimal after 0x.
std::optional<std::uint32_t> parse_number(std::string_view text)
{
    int base = 10;
    if (text.starts_with("0x")) {
        text.remove_prefix(2);
        base = 16;
    }
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty())
        return std::nullopt;
    return number;
}

ValueType parse_type(std::string_view name)
{
    constexpr std::array<std::pair<std::string_view, ValueType>, 14> types{{
        {"string", ValueType::text},
        {"ipaddr", ValueType::address},
        {"ipv6addr", ValueType::address_v6},
        {"integer", ValueType::integer},
        {"uint32", ValueType::integer},
        {"signed", ValueType::integer},
        {"integer64", ValueType::integer_64},
        {"uint64", ValueType::integer_64},
        {"date", ValueType::date},
        {"short", ValueType::short_integer},
        {"uint16", ValueType::short_integer},
        {"byte", ValueType::octet},
        {"uint8", ValueType::octet},
        {"ether", ValueType::mac_address},
    }};
    name = name.substr(0, name.find('[')); // octets[16]
    for (const auto& [known, type] : types)
        if (known == name) return type;
    return ValueType::octets;
}

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/// Splits a line at blanks, without its comment. Words beyond the array are not needed.
std::size_t split(std::string_view line, std::array<std::string_view, word_count_max>& words)
{
    line = line.substr(0, line.find('#'));
    std::size_t count = 0;
    while (count < words.size()) {
        while (!line.empty() && is_blank(line.front()))
            line.remove_prefix(1);
        if (line.empty()) break;
        std::size_t size = 0;
        while (size < line.size() && !is_blank(line[size]))
            ++size;
        words[count++] = line.substr(0, size);
        line.remove_prefix(size);
    }
    return count;
}

} // namespace

/// Reads one text and what it includes into a dictionary.
class DictionaryReader {
public:
    DictionaryReader(Dictionary& dictionary, const Dictionary::Include& include)
        : dictionary_{dictionary}, include_{include}
    {
    }

    Result<void, DictionaryError> read(std::string_view file, std::string_view text, int depth);

private:
    /// The reason why not, or nothing.
    std::optional<std::string> define(Words words);
    std::optional<std::string> define_vendor(Words words);
    std::optional<std::string> define_attribute(Words words);
    std::optional<std::string> define_value(Words words);
    Result<void, DictionaryError> read_included(
        std::string_view file, std::size_t line, std::string_view name, int depth);

    Dictionary& dictionary_;
    const Dictionary::Include& include_;
    std::uint32_t vendor_ = 0;
    /// Within BEGIN-TLV .. END-TLV, whose attributes stand inside another one.
    int nested_ = 0;
    int include_count_ = 0;
};

Result<void, DictionaryError> DictionaryReader::read(
    std::string_view file, std::string_view text, int depth)
{
    const auto refused = [&](std::size_t line, std::string reason) {
        return std::unexpected{DictionaryError{std::string{file}, line, std::move(reason)}};
    };
    if (text.size() > text_octets_max) return refused(0, "the text is longer than 4 MiB");

    for (std::size_t line = 1; !text.empty(); ++line) {
        const std::size_t end = text.find('\n');
        std::array<std::string_view, word_count_max> words;
        const std::size_t count = split(text.substr(0, end), words);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (count == 0) continue;
        for (const std::string_view word : words)
            if (word.size() > word_characters_max)
                return refused(line, "a word is longer than 128 characters");

        if (words[0] == "$INCLUDE" || words[0] == "$INCLUDE-") {
            if (count < 2) return refused(line, "$INCLUDE names no file");
            if (auto done = read_included(file, line, words[1], depth); !done) return done;
            continue;
        }
        if (auto reason = define(Words{words}.first(count))) return refused(line, *reason);
    }
    return {};
}

Result<void, DictionaryError> DictionaryReader::read_included(
    std::string_view file, std::size_t line, std::string_view name, int depth)
{
    if (depth == include_depth_max)
        return std::unexpected{DictionaryError{std::string{file}, line, "$INCLUDE nests too deep"}};
    if (++include_count_ > include_count_max)
        return std::unexpected{DictionaryError{std::string{file}, line, "too many $INCLUDE"}};
    const auto text = include_ ? include_(name) : std::nullopt;
    if (!text)
        return std::unexpected{DictionaryError{
            std::string{file}, line, "$INCLUDE of a file that is not there: " + std::string{name}}};
    return read(name, *text, depth + 1);
}

std::optional<std::string> DictionaryReader::define(Words words)
{
    const std::string_view what = words[0];
    if (what == "VENDOR") return define_vendor(words);
    if (what == "ATTRIBUTE") return define_attribute(words);
    if (what == "VALUE") return define_value(words);
    if (what == "BEGIN-VENDOR") {
        if (words.size() < 2) return "BEGIN-VENDOR needs a name";
        const auto vendor = dictionary_.vendors_by_name_.find(words[1]);
        if (vendor == dictionary_.vendors_by_name_.end())
            return "BEGIN-VENDOR names an unknown vendor: " + std::string{words[1]};
        vendor_ = vendor->second;
        return std::nullopt;
    }
    if (what == "END-VENDOR") {
        vendor_ = 0;
        return std::nullopt;
    }
    if (what == "BEGIN-TLV") ++nested_;
    if (what == "END-TLV" && nested_ > 0) --nested_;
    // Other directives (FLAGS, PROTOCOL, STRUCT ...) say nothing about what we read.
    return std::nullopt;
}

std::optional<std::string> DictionaryReader::define_vendor(Words words)
{
    if (words.size() < 3) return "VENDOR needs a name and a number";
    const auto number = parse_number(words[2]);
    if (!number || *number == 0) return "VENDOR has no valid number: " + std::string{words[2]};
    dictionary_.vendors_[*number] = words[1];
    dictionary_.vendors_by_name_[std::string{words[1]}] = *number;
    return std::nullopt;
}

std::optional<std::string> DictionaryReader::define_attribute(Words words)
{
    if (words.size() < 4) return "ATTRIBUTE needs a name, a number and a type";
    if (nested_ > 0 || words[2].find('.') != std::string_view::npos) return std::nullopt;
    const auto number = parse_number(words[2]);
    if (!number) return "ATTRIBUTE has no valid number: " + std::string{words[2]};
    if (*number == 0 || *number > 255) return std::nullopt;

    DictionaryAttribute attribute;
    attribute.name = words[1];
    attribute.vendor = vendor_;
    attribute.number = static_cast<std::uint8_t>(*number);
    attribute.type = parse_type(words[3]);
    if (words.size() > 4) {
        std::string_view flags = words[4];
        while (!flags.empty()) {
            const std::size_t comma = flags.find(',');
            const std::string_view flag = flags.substr(0, comma);
            if (flag == "has_tag") attribute.has_tag = true;
            if (flag == "encrypt=1") attribute.encryption = 1;
            if (flag == "encrypt=2") attribute.encryption = 2;
            flags = comma == std::string_view::npos ? std::string_view{} : flags.substr(comma + 1);
        }
    }
    const Dictionary::Number key{vendor_, attribute.number};
    dictionary_.by_name_[attribute.name] = key;
    dictionary_.attributes_[key] = std::move(attribute);
    return std::nullopt;
}

std::optional<std::string> DictionaryReader::define_value(Words words)
{
    if (words.size() < 4) return "VALUE needs an attribute, a name and a number";
    const auto attribute = dictionary_.by_name_.find(words[1]);
    if (attribute == dictionary_.by_name_.end()) return std::nullopt; // one that was skipped
    const auto number = parse_number(words[3]);
    if (!number) return std::nullopt; // 64 bits wide, or an address
    dictionary_.attributes_[attribute->second].value_names[*number] = words[2];
    return std::nullopt;
}

Result<void, DictionaryError> Dictionary::add(std::string_view text, const Include& include)
{
    return DictionaryReader{*this, include}.read("", text, 0);
}

const DictionaryAttribute* Dictionary::find(std::uint32_t vendor, std::uint8_t number) const
{
    const auto found = attributes_.find({vendor, number});
    return found == attributes_.end() ? nullptr : &found->second;
}

const DictionaryAttribute* Dictionary::find(std::string_view name) const
{
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : find(found->second.first, found->second.second);
}

std::optional<std::string_view> Dictionary::vendor_name(std::uint32_t vendor) const
{
    const auto found = vendors_.find(vendor);
    if (found == vendors_.end()) return std::nullopt;
    return found->second;
}

const Dictionary& standard_dictionary()
{
    static const Dictionary dictionary = [] {
        Dictionary built;
        for (const std::string_view text : dictionary_texts())
            IWAS_ASSERT(built.add(text).has_value());
        return built;
    }();
    return dictionary;
}

} // namespace iwas::radius

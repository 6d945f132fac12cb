#include "adapters/cafe_file/toml_reader.hpp"

#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

namespace iwas::adapters {

namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

/// Reads digits at the beginning of `text` and cuts them off.
std::optional<std::uint64_t> take_number(std::string_view& text)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number > 1'000'000'000) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

std::optional<std::string> read_file(const std::string& path)
{
    std::ifstream file{path, std::ios::binary};
    if (!file) return std::nullopt;
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

} // namespace

std::string to_string(const CafeFault& fault)
{
    if (fault.line == 0) return fault.text;
    return std::to_string(fault.line) + ":" + std::to_string(fault.column) + ": " + fault.text;
}

SecretSources system_secrets()
{
    return {
        .environment = [](const std::string& name) -> std::optional<std::string> {
            const char* const value = std::getenv(name.c_str());
            if (!value) return std::nullopt;
            return value;
        },
        .file = read_file,
    };
}

std::optional<Seconds> duration_from(std::string_view text)
{
    constexpr auto units = std::to_array<Unit>({{"d", 86'400}, {"h", 3'600}, {"m", 60}, {"s", 1}});
    if (text.empty()) return std::nullopt;
    std::uint64_t seconds = 0;
    std::size_t next = 0;
    while (!text.empty()) {
        const auto number = take_number(text);
        if (!number || text.empty()) return std::nullopt;
        while (next < units.size() && units.at(next).name.front() != text.front())
            ++next;
        if (next == units.size()) return std::nullopt;
        seconds += *number * units.at(next).factor;
        text.remove_prefix(1);
        ++next;
    }
    return Seconds{static_cast<std::int64_t>(seconds)};
}

std::optional<std::uint64_t> octets_from(std::string_view text)
{
    constexpr auto units = std::to_array<Unit>(
        {{"kB", 1'000}, {"MB", 1'000'000}, {"GB", 1'000'000'000}, {"TB", 1'000'000'000'000}});
    const auto number = take_number(text);
    if (!number || *number > 1'000'000) return std::nullopt;
    for (const Unit& unit : units)
        if (text == unit.name) return *number * unit.factor;
    return std::nullopt;
}

std::optional<int> minute_from(std::string_view text)
{
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    std::string_view hour_text = text.substr(0, 2);
    std::string_view minute_text = text.substr(3);
    const auto hour = take_number(hour_text);
    const auto minute = take_number(minute_text);
    if (!hour || !minute || !hour_text.empty() || !minute_text.empty()) return std::nullopt;
    if (*minute > 59 || *hour > 24 || (*hour == 24 && *minute > 0)) return std::nullopt;
    return static_cast<int>(*hour * 60 + *minute);
}

const toml::node* TomlReader::find(std::string_view key)
{
    known_.emplace(key);
    return table_.get(key);
}

void TomlReader::fault(std::string_view key, const std::string& text)
{
    const toml::node* const node = table_.get(key);
    const toml::source_position where = node ? node->source().begin : table_.source().begin;
    const std::string name = path_.empty() ? std::string{key} : path_ + "." + std::string{key};
    faults_.push_back({where.line, where.column, name + ": " + text});
}

void TomlReader::finish()
{
    for (const auto& [key, node] : table_)
        if (!known_.contains(key.str())) fault(key.str(), "unknown key");
}

void TomlReader::refuse(std::string_view key, const std::string& why)
{
    if (find(key)) fault(key, why);
}

void TomlReader::know_all()
{
    for (const auto& [key, node] : table_)
        known_.emplace(key.str());
}

std::string TomlReader::text(std::string_view key, std::string otherwise)
{
    const toml::node* const node = find(key);
    if (!node) return otherwise;
    auto value = node->value_exact<std::string>();
    if (value) return std::move(*value);
    fault(key, "text in quotation marks is expected");
    return otherwise;
}

std::string TomlReader::required_text(std::string_view key)
{
    std::string value = text(key);
    if (!table_.contains(key))
        fault(key, "is missing");
    else if (value.empty() && table_.get(key)->is_string())
        fault(key, "must not be empty");
    return value;
}

bool TomlReader::flag(std::string_view key, bool otherwise)
{
    const toml::node* const node = find(key);
    if (!node) return otherwise;
    const auto value = node->value_exact<bool>();
    if (!value) fault(key, "true or false is expected");
    return value.value_or(otherwise);
}

std::optional<std::int64_t> TomlReader::maybe_integer(
    std::string_view key, std::int64_t min, std::int64_t max)
{
    const toml::node* const node = find(key);
    if (!node) return std::nullopt;
    const auto value = node->value_exact<std::int64_t>();
    if (value && *value >= min && *value <= max) return value;
    fault(
        key, "a whole number from " + std::to_string(min) + " to " + std::to_string(max) +
                 " is expected");
    return std::nullopt;
}

std::int64_t TomlReader::integer(
    std::string_view key, std::int64_t otherwise, std::int64_t min, std::int64_t max)
{
    return maybe_integer(key, min, max).value_or(otherwise);
}

std::optional<std::string> TomlReader::decimal(std::string_view key)
{
    const toml::node* const node = find(key);
    if (!node) return std::nullopt;
    if (auto text = node->value_exact<std::string>()) return text;
    if (const auto whole = node->value_exact<std::int64_t>()) return std::to_string(*whole);
    if (const auto number = node->value_exact<double>()) {
        // The shortest text that reads as the same double is what was written.
        std::array<char, 32> digits{};
        const auto [end, error] =
            std::to_chars(digits.data(), digits.data() + digits.size(), *number);
        if (error == std::errc{}) return std::string{digits.data(), end};
    }
    fault(key, "a number is expected");
    return std::nullopt;
}

Seconds TomlReader::duration(std::string_view key, Seconds otherwise)
{
    const toml::node* const node = find(key);
    if (!node) return otherwise;
    const auto value = node->value_exact<std::string>();
    const auto span = value ? duration_from(*value) : std::nullopt;
    if (!span) fault(key, "a duration such as \"1h30m\" is expected");
    return span.value_or(otherwise);
}

Ipv4Prefix TomlReader::required_network(std::string_view key)
{
    const std::string value = required_text(key);
    const auto prefix = Ipv4Prefix::parse(value);
    if (!prefix && !value.empty()) fault(key, "a network such as 192.168.20.0/24 is expected");
    return prefix.value_or(Ipv4Prefix{});
}

std::vector<std::string> TomlReader::texts(std::string_view key)
{
    std::vector<std::string> values;
    const toml::node* const node = find(key);
    if (!node) return values;
    const toml::array* const list = node->as_array();
    if (!list) {
        fault(key, "a list of texts is expected");
        return values;
    }
    for (const toml::node& each : *list) {
        if (auto value = each.value_exact<std::string>())
            values.push_back(std::move(*value));
        else
            fault(key, "a list of texts is expected");
    }
    return values;
}

std::optional<SecretText> TomlReader::one_secret(
    std::string_view key, const std::string& name,
    const std::function<std::optional<std::string>(const std::string&)>& source)
{
    auto value = source ? source(name) : std::nullopt;
    if (value && !value->empty()) return SecretText{std::move(*value)};
    fault(key, "there is no secret at " + name);
    return std::nullopt;
}

SecretText TomlReader::secret(std::string_view key, const SecretSources& sources, bool is_required)
{
    const std::string in_environment = std::string{key} + "_env";
    const std::string in_file = std::string{key} + "_file";
    const int given = (has(key) ? 1 : 0) + (has(in_environment) ? 1 : 0) + (has(in_file) ? 1 : 0);
    SecretText direct{text(key)};
    const std::string variable = text(in_environment);
    const std::string path = text(in_file);
    if (given > 1) {
        fault(key, "only one of " + std::string{key} + ", " + in_environment + " and " + in_file);
        return {};
    }
    if (given == 0 && is_required)
        fault(key, "is missing (or " + in_environment + ", or " + in_file + ")");
    for (const std::string& name : {std::string{key}, in_environment, in_file})
        if (is_required && has(name) && table_.get(name)->value<std::string>() == "")
            fault(name, "must not be empty");
    if (!variable.empty())
        return one_secret(in_environment, variable, sources.environment).value_or(SecretText{});
    if (!path.empty()) return one_secret(in_file, path, sources.file).value_or(SecretText{});
    return direct;
}

std::vector<SecretText> TomlReader::secrets(std::string_view key, const SecretSources& sources)
{
    std::vector<SecretText> found;
    for (std::string& each : texts(key))
        found.emplace_back(std::move(each));
    const auto add = [&](const std::string& list, const auto& source) {
        for (const std::string& name : texts(list))
            if (auto secret = one_secret(list, name, source)) found.push_back(std::move(*secret));
    };
    add(std::string{key} + "_env", sources.environment);
    add(std::string{key} + "_file", sources.file);
    return found;
}

const toml::table* TomlReader::table(std::string_view key)
{
    const toml::node* const node = find(key);
    if (!node) return nullptr;
    if (const toml::table* const found = node->as_table()) return found;
    fault(key, "a table is expected");
    return nullptr;
}

std::vector<const toml::table*> TomlReader::tables(std::string_view key)
{
    std::vector<const toml::table*> found;
    const toml::node* const node = find(key);
    if (!node) return found;
    const toml::array* const list = node->as_array();
    if (!list) {
        fault(key, "a list of tables is expected");
        return found;
    }
    for (const toml::node& each : *list) {
        if (const toml::table* const table = each.as_table())
            found.push_back(table);
        else
            fault(key, "a list of tables is expected");
    }
    return found;
}

} // namespace iwas::adapters

// Dictionary: names and types of attributes, read from files in the format of FreeRADIUS.
#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::radius {

/// How a value reads. Types that a dictionary may name and that are not here read as octets.
enum class ValueType {
    octets,
    text,
    address,    ///< IPv4, 4 octets
    address_v6, ///< 16 octets
    integer,    ///< 4 octets
    integer_64,
    date, ///< Unix seconds, 4 octets
    short_integer,
    octet,
    mac_address, ///< 6 octets
};

struct DictionaryAttribute {
    std::string name;
    std::uint32_t vendor = 0; ///< 0: not vendor specific
    std::uint8_t number = 0;
    ValueType type = ValueType::octets;
    bool has_tag = false;
    /// 0 none, 1 as User-Password, 2 salted (RFC 2868 §3.5).
    int encryption = 0;
    std::map<std::uint32_t, std::string> value_names;
};

/// Where and why a text is no dictionary.
struct DictionaryError {
    std::string file; ///< as named by $INCLUDE; empty for the text given first
    std::size_t line = 0;
    std::string reason;
};

/// Names, looked up both ways. Not for the hot path.
class Dictionary {
public:
    /// Gives the text of a file named by `$INCLUDE`; nothing when there is none.
    using Include = std::function<std::optional<std::string>(std::string_view file)>;

    /// Adds the definitions in `text`: VENDOR, ATTRIBUTE, VALUE, BEGIN-VENDOR, END-VENDOR and
    /// $INCLUDE. A later definition of the same number replaces an earlier one. Attributes within
    /// attributes (numbers with dots) and numbers over 255 are skipped: no packet of ours has them.
    /// Includes may nest 8 deep and be 1000 in all; a text may have 4 MiB, a word 128 characters.
    Result<void, DictionaryError> add(std::string_view text, const Include& include = nullptr);

    [[nodiscard]] const DictionaryAttribute* find(std::uint32_t vendor, std::uint8_t number) const;
    [[nodiscard]] const DictionaryAttribute* find(std::string_view name) const;
    [[nodiscard]] std::optional<std::string_view> vendor_name(std::uint32_t vendor) const;
    [[nodiscard]] std::size_t attribute_count() const { return attributes_.size(); }

private:
    friend class DictionaryReader;
    using Number = std::pair<std::uint32_t, std::uint8_t>;
    std::map<Number, DictionaryAttribute> attributes_;
    std::map<std::string, Number, std::less<>> by_name_;
    std::map<std::uint32_t, std::string> vendors_;
    std::map<std::string, std::uint32_t, std::less<>> vendors_by_name_;
};

/// The dictionary that is part of IWAS: the RFCs', Microsoft, WISPr, ChilliSpot, Ascend, MikroTik.
const Dictionary& standard_dictionary();

} // namespace iwas::radius

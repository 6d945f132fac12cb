#include "protocol/radius/describe.hpp"

#include "core/ip_address.hpp"
#include "core/time.hpp"
#include "core/utf8.hpp"
#include "protocol/radius/authenticator.hpp"
#include "protocol/radius/password.hpp"
#include "protocol/radius/service.hpp"

#include <algorithm>
#include <array>

namespace iwas::radius {

namespace {

/// Whether a terminal would do something else than show it: C0, DEL and C1 controls, and the marks
/// that turn the direction of writing.
bool is_control(std::uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x061C || point == 0x200E ||
           point == 0x200F || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

std::string escaped(std::uint32_t point)
{
    std::array<std::uint8_t, 2> octets{
        static_cast<std::uint8_t>(point >> 8), static_cast<std::uint8_t>(point)};
    if (point < 0x80) return "\\x" + to_hex(std::span{octets}.last(1));
    return "\\u" + to_hex(octets);
}

/// What may be shown of a text that anybody may have sent.
std::string quoted(std::string_view text)
{
    std::string result = "\"";
    while (!text.empty()) {
        const std::string_view before = text;
        const auto point = take_code_point(text);
        if (!point) { // an octet that is no UTF-8
            const auto octet = static_cast<std::uint8_t>(before.front());
            result += "\\x" + to_hex(ByteView{&octet, 1});
            text = before.substr(1);
        } else if (is_control(*point)) {
            result += escaped(*point);
        } else {
            if (*point == '"' || *point == '\\') result += '\\';
            result += before.substr(0, before.size() - text.size());
        }
    }
    return result + '"';
}

std::string as_hex(ByteView value)
{
    return value.empty() ? "(empty)" : "0x" + to_hex(value);
}

std::string named(const DictionaryAttribute& attribute, std::uint32_t value)
{
    const auto name = attribute.value_names.find(value);
    if (name == attribute.value_names.end()) return std::to_string(value);
    return name->second + " (" + std::to_string(value) + ")";
}

/// Prints one packet; holds what its lines share.
class Printer {
public:
    Printer(const PacketView& packet, const DescribeOptions& options)
        : packet_{packet}, options_{options}
    {
        if (!is_response(packet.code()))
            base_ = base_of_request(packet);
        else
            base_ = options.request;
    }

    std::string print();

private:
    void print_header();
    void print_attribute(const Attribute& attribute);
    void print_line(std::uint32_t vendor, const Attribute& attribute);
    void print_authenticators();
    [[nodiscard]] std::string value_text(const DictionaryAttribute& known, ByteView value) const;
    [[nodiscard]] std::string hidden_text(const DictionaryAttribute& known, ByteView value) const;
    [[nodiscard]] std::string clear_text(ByteView clear) const;
    [[nodiscard]] std::string_view judged(bool is_right) const
    {
        return is_right ? "right" : "WRONG";
    }

    const PacketView& packet_;
    const DescribeOptions& options_;
    /// What stood in the header while signing; nothing when only the request would tell.
    std::optional<Authenticator> base_;
    std::string text_;
};

std::string Printer::print()
{
    print_header();
    for (const Attribute attribute : packet_.attributes())
        print_attribute(attribute);
    print_authenticators();
    return std::move(text_);
}

void Printer::print_header()
{
    const auto name = name_of(packet_.code());
    text_ += name ? std::string{*name} : "Unknown code";
    text_ += " (" + std::to_string(static_cast<int>(packet_.code())) + "), identifier " +
             std::to_string(packet_.identifier()) + ", " + std::to_string(packet_.octets().size()) +
             " octets, authenticator " + to_hex(packet_.authenticator()) + "\n";
}

void Printer::print_attribute(const Attribute& attribute)
{
    if (attribute.type == attribute::vendor_specific) {
        if (const auto inner = vendor_attributes(attribute.value)) {
            for (const Attribute sub : inner->attributes)
                print_line(inner->vendor, sub);
            return;
        }
    }
    print_line(0, attribute);
}

void Printer::print_line(std::uint32_t vendor, const Attribute& attribute)
{
    const DictionaryAttribute* known = options_.dictionary->find(vendor, attribute.type);
    text_ += "  ";
    if (known != nullptr) {
        text_ += known->name + " = " + value_text(*known, attribute.value) + "\n";
        return;
    }
    if (vendor != 0) {
        const auto name = options_.dictionary->vendor_name(vendor);
        text_ += "Vendor " + (name ? std::string{*name} : std::to_string(vendor)) + " ";
    }
    text_ += "Attribute " + std::to_string(attribute.type) + " = " + as_hex(attribute.value) + "\n";
}

std::string Printer::value_text(const DictionaryAttribute& known, ByteView value) const
{
    if (known.encryption != 0) return hidden_text(known, value);
    std::string tag;
    if (known.has_tag && known.type == ValueType::text) {
        const TaggedText tagged = read_tagged_text(value);
        if (tagged.tag != 0) tag = " (tag " + std::to_string(tagged.tag) + ")";
        if (!is_utf8(tagged.text)) return as_hex(value) + " (not UTF-8)";
        return quoted(tagged.text) + tag;
    }
    if (known.has_tag && known.type == ValueType::integer) {
        const auto tagged = read_tagged_integer(value);
        if (!tagged) return as_hex(value) + " (invalid: not 4 octets)";
        if (tagged->tag != 0) tag = " (tag " + std::to_string(tagged->tag) + ")";
        return named(known, tagged->value) + tag;
    }
    const auto sized = [&](std::size_t octets) { return value.size() == octets; };
    switch (known.type) {
    case ValueType::text:
        return is_utf8(as_text(value)) ? quoted(as_text(value)) : as_hex(value) + " (not UTF-8)";
    case ValueType::address:
        if (sized(4)) return to_string(Ipv4Address{load_be32(value, 0)});
        break;
    case ValueType::integer:
        if (sized(4)) return named(known, load_be32(value, 0));
        break;
    case ValueType::date:
        if (sized(4)) return to_rfc3339(UtcTime{Seconds{load_be32(value, 0)}});
        break;
    case ValueType::integer_64:
        if (sized(8))
            return std::to_string(join_gigawords(load_be32(value, 0), load_be32(value, 4)));
        break;
    case ValueType::short_integer:
        if (sized(2)) return named(known, load_be16(value, 0));
        break;
    case ValueType::octet:
        if (sized(1)) return named(known, value[0]);
        break;
    case ValueType::octets:
    case ValueType::address_v6:
    case ValueType::mac_address: return as_hex(value);
    }
    return as_hex(value) + " (invalid size)";
}

std::string Printer::clear_text(ByteView clear) const
{
    const std::string size = std::to_string(clear.size()) + " octets";
    const bool is_text = is_utf8(as_text(clear));
    if (!is_text) return "(" + size + ", not UTF-8: the shared secret is probably another one)";
    if (options_.reveal_passwords) return quoted(as_text(clear));
    return "******** (" + size + ", readable)";
}

std::string Printer::hidden_text(const DictionaryAttribute& known, ByteView value) const
{
    if (options_.secret == nullptr || !base_)
        return "(hidden, " + std::to_string(value.size()) + " octets)";
    if (known.encryption == 1) {
        auto clear = reveal_password(value, *base_, *options_.secret);
        if (!clear) return as_hex(value) + " (invalid size)";
        std::string text = clear_text(clear->view());
        wipe(clear->octets);
        return text;
    }
    const ByteView salted = known.has_tag && !value.empty() ? value.subspan(1) : value;
    auto clear = open_with_salt(salted, *base_, *options_.secret);
    if (!clear) return "(does not open: the shared secret or the request is another one)";
    std::string text;
    if (known.type == ValueType::text)
        text = clear_text(*clear);
    else if (options_.reveal_passwords)
        text = as_hex(*clear);
    else
        text = "******** (" + std::to_string(clear->size()) + " octets)";
    wipe(*clear);
    return text;
}

void Printer::print_authenticators()
{
    const bool can_judge = options_.secret != nullptr && base_;
    const std::string_view why_not = options_.secret == nullptr
                                         ? "not checked (no secret given)"
                                         : "not checked (needs the request that it answers)";
    text_ += is_response(packet_.code()) ? "Response Authenticator: " : "Request Authenticator: ";
    if (has_random_authenticator(packet_.code()))
        text_ += "random, proves nothing";
    else if (!can_judge)
        text_ += why_not;
    else
        text_ += judged(is_authenticator_right(packet_, *base_, *options_.secret));

    text_ += "\nMessage-Authenticator: ";
    if (packet_.count(attribute::message_authenticator) == 0)
        text_ += "absent";
    else if (!can_judge)
        text_ += why_not;
    else {
        switch (check_message_authenticator(packet_, *base_, *options_.secret)) {
        case MessageAuthenticator::absent: text_ += "absent"; break;
        case MessageAuthenticator::right: text_ += "right"; break;
        case MessageAuthenticator::wrong: text_ += "WRONG"; break;
        case MessageAuthenticator::repeated: text_ += "WRONG (more than one)"; break;
        }
    }
    text_ += '\n';
}

} // namespace

std::string to_text(const PacketView& packet, const DescribeOptions& options)
{
    return Printer{packet, options}.print();
}

std::string_view explain(DecodeError error)
{
    switch (error) {
    case DecodeError::too_short: return "fewer than the 20 octets of a header";
    case DecodeError::bad_length:
        return "the length in the header is below 20, above 4096, or more than was received";
    case DecodeError::bad_attribute:
        return "an attribute is shorter than 2 octets or runs past the packet's end";
    }
    return "";
}

} // namespace iwas::radius

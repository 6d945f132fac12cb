// PacketView: a RADIUS packet read in place, without copies or allocation.
#pragma once

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/radius/attributes.hpp"

#include <array>
#include <iterator>
#include <optional>

namespace iwas::radius {

/// 16 octets: the authenticator of a header, or a Message-Authenticator's value.
using Authenticator = std::array<std::uint8_t, 16>;

/// One attribute; `value` borrows the packet and holds 0-253 octets.
struct Attribute {
    std::uint8_t type = 0;
    ByteView value;
};

/// Walks well-formed attributes (checked by `decode`). A forward range of `Attribute`.
class AttributeRange {
public:
    class Iterator {
    public:
        using iterator_category = std::forward_iterator_tag;
        using iterator_concept = std::forward_iterator_tag;
        using value_type = Attribute;
        using difference_type = std::ptrdiff_t;
        using pointer = const Attribute*;
        using reference = Attribute;

        Iterator() = default;
        explicit Iterator(const std::uint8_t* at) : at_{at} {}
        Attribute operator*() const { return {at_[0], {at_ + 2, std::size_t{at_[1]} - 2}}; }
        Iterator& operator++()
        {
            at_ += at_[1];
            return *this;
        }
        Iterator operator++(int)
        {
            Iterator before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(const Iterator&, const Iterator&) = default;

    private:
        const std::uint8_t* at_ = nullptr;
    };

    explicit AttributeRange(ByteView octets) : octets_{octets} {}
    [[nodiscard]] Iterator begin() const { return Iterator{octets_.data()}; }
    [[nodiscard]] Iterator end() const { return Iterator{octets_.data() + octets_.size()}; }

private:
    ByteView octets_;
};

/// The sub-attributes of a Vendor-Specific attribute (RFC 2865 §5.26): several may stand in one.
struct VendorAttributes {
    std::uint32_t vendor = 0;
    AttributeRange attributes{{}};
};

/// Reads the value of a Vendor-Specific attribute. Nothing when it does not hold well-formed
/// sub-attributes to its very end: then it is opaque and to be ignored.
std::optional<VendorAttributes> vendor_attributes(ByteView value) noexcept;

enum class DecodeError {
    too_short,     ///< fewer than 20 octets
    bad_length,    ///< Length below 20, above 4096 or above what was received
    bad_attribute, ///< an attribute shorter than 2 octets or past the packet's end
};

/// A packet whose framing has been checked. Borrows the datagram. Its authenticators have not
/// been checked: see authenticator.hpp.
class PacketView {
public:
    [[nodiscard]] Code code() const { return static_cast<Code>(octets_[0]); }
    [[nodiscard]] std::uint8_t identifier() const { return octets_[1]; }
    [[nodiscard]] Authenticator authenticator() const;
    /// The whole packet, without padding after Length.
    [[nodiscard]] ByteView octets() const { return octets_; }
    [[nodiscard]] AttributeRange attributes() const
    {
        return AttributeRange{octets_.subspan(header_octets)};
    }

    /// Value of the first attribute of this type.
    [[nodiscard]] std::optional<ByteView> find(std::uint8_t type) const;
    /// The first one as an integer; nothing when absent or not four octets long.
    [[nodiscard]] std::optional<std::uint32_t> find_integer(std::uint8_t type) const;
    /// Value of the first sub-attribute of this vendor and type.
    [[nodiscard]] std::optional<ByteView> find_vendor(
        std::uint32_t vendor, std::uint8_t type) const;
    [[nodiscard]] std::optional<std::uint32_t> find_vendor_integer(
        std::uint32_t vendor, std::uint8_t type) const;
    [[nodiscard]] std::size_t count(std::uint8_t type) const;

private:
    friend Result<PacketView, DecodeError> decode(ByteView) noexcept;
    explicit PacketView(ByteView octets) : octets_{octets} {}
    ByteView octets_;
};

/// Checks the framing of a packet. RFC 2865 §3 (header), §5 (attributes).
///
/// `datagram`: octets as received. Octets past Length are padding and ignored (§3). The view
/// borrows `datagram`. No allocation. Nothing in the packet may be trusted yet.
[[nodiscard]] Result<PacketView, DecodeError> decode(ByteView datagram) noexcept;

/// A four-octet value; nothing for another size.
std::optional<std::uint32_t> as_integer(ByteView value) noexcept;

/// "Access-Request", or nothing for a code that is not known.
std::optional<std::string_view> name_of(Code code) noexcept;

} // namespace iwas::radius

// Tokens: what a browser holds of its visit, signed so that it cannot be made up.
#pragma once

#include "core/digest.hpp"
#include "core/mac_address.hpp"
#include "core/secret.hpp"
#include "domain/ids.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace iwas::api {

/// Signs and checks with one key of at least 32 octets; a new key ends all visits and sign-ins.
class Tokens {
public:
    explicit Tokens(SecretText key);

    /// The visit's id, a dot and the base64url of its HMAC-SHA256: 70 characters.
    [[nodiscard]] std::string visit_token(const domain::VisitId& visit) const;
    /// Nothing unless this key signed it. Constant time in the signature.
    [[nodiscard]] std::optional<domain::VisitId> visit_of(std::string_view token) const;

    /// Proves that a request comes from a page that could read ours.
    [[nodiscard]] std::string csrf_token(const domain::VisitId& visit) const;
    [[nodiscard]] bool is_csrf_token(const domain::VisitId& visit, std::string_view token) const;

    /// Names a device in URLs without telling its address.
    [[nodiscard]] std::string device_id(const MacAddress& mac) const;

    /// Tells one request from another, and nothing of what it says to who has only this.
    [[nodiscard]] Sha256Digest request_digest(
        std::string_view method, std::string_view path, std::string_view body) const;

private:
    [[nodiscard]] std::string sign(std::string_view purpose, std::string_view text) const;

    SecretText key_;
};

} // namespace iwas::api

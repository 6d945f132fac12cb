// The program's own keys: those that seal the store's secrets and the one that signs tokens.
#pragma once

#include "adapters/store/key_ring.hpp"
#include "app/config.hpp"

namespace iwas::app {

/// The ring of `secrets.keys`, else of `secrets.key_file`. Throws ConfigError that says what to do.
adapters::KeyRing load_key_ring(const SecretsConfig& config);

/// Adds a fresh key in front of the file, which it creates for its owner only when it is not
/// there. Returns the key's name. Throws std::runtime_error, and leaves the file as it was, when it
/// cannot be read to its end or written, or is no key file: its keys may be the only copy.
std::string add_key(const std::string& path);

/// The key that signs what browsers hold: 32 random octets, created at the first start.
SecretText load_portal_key(const std::string& path);

} // namespace iwas::app

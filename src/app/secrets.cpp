#include "app/secrets.hpp"

#include "adapters/clock/system_random.hpp"
#include "core/time.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace iwas::app {

namespace {

constexpr std::size_t portal_key_octets = 32;

/// The whole file; throws std::runtime_error with the reason when any of it cannot be read.
std::string read_all(const std::string& path)
{
    const auto fail = [&] {
        throw std::runtime_error{fmt::format("{}: cannot be read: {}", path, std::strerror(errno))};
    };
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) fail();
    std::string text;
    std::array<char, 4096> part{};
    ssize_t count = 0;
    while ((count = ::read(file, part.data(), part.size())) > 0)
        text.append(part.data(), static_cast<std::size_t>(count));
    const int reason = errno;
    ::close(file);
    errno = reason;
    if (count < 0) fail();
    return text;
}

/// Writes a file that only its owner can read. `flags` decide whether it may be there already.
void write_private(const std::string& path, const std::string& text, int flags)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
    if (file < 0) throw std::runtime_error{fmt::format("{}: {}", path, std::strerror(errno))};
    const ssize_t written = ::write(file, text.data(), text.size());
    const bool is_safe = written == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    ::close(file);
    if (!is_safe) throw std::runtime_error{path + ": cannot be written"};
}

} // namespace

adapters::KeyRing load_key_ring(const SecretsConfig& config)
{
    if (!config.keys.empty()) {
        auto ring = adapters::KeyRing::parse(config.keys.reveal());
        if (!ring) throw ConfigError{"secrets.keys: " + ring.error()};
        return std::move(*ring);
    }
    if (!std::filesystem::exists(config.key_file))
        throw ConfigError{fmt::format(
            "secrets.key_file = {}: expected a key file; make one with `iwas key new {}` and keep "
            "a copy apart from the database",
            config.key_file, config.key_file)};
    auto ring = adapters::KeyRing::from_file(config.key_file);
    if (!ring)
        throw ConfigError{fmt::format("secrets.key_file = {}: {}", config.key_file, ring.error())};
    return std::move(*ring);
}

std::string add_key(const std::string& path)
{
    const auto now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
    const std::string id = fmt::format("k{}", to_unix_ms(now) / 1000);
    std::string text = adapters::KeyRing::generate(id).reveal();
    while (text.ends_with('\n'))
        text.pop_back();
    text += '\n';
    if (std::filesystem::exists(path)) text += read_all(path);
    // What is there is replaced only by a ring that holds all of it and can be loaded.
    if (const auto ring = adapters::KeyRing::parse(text); !ring)
        throw std::runtime_error{
            fmt::format("{}: no key is added to this file: {}", path, ring.error())};
    // Beside it first: a crash in between must not cost the keys that were there.
    const std::string fresh = path + ".new";
    write_private(fresh, text, O_TRUNC);
    std::filesystem::rename(fresh, path);
    return id;
}

SecretText load_portal_key(const std::string& path)
{
    if (!std::filesystem::exists(path)) {
        std::array<std::uint8_t, portal_key_octets> key{};
        adapters::SystemRandom{}.fill(key);
        write_private(path, to_hex(key) + "\n", O_EXCL);
    }
    std::string text = read_all(path);
    while (text.ends_with('\n'))
        text.pop_back();
    const auto key = from_hex(text);
    if (!key || key->size() < portal_key_octets)
        throw ConfigError{fmt::format(
            "secrets.portal_key_file = {}: expected at least 64 hexadecimal digits", path)};
    return SecretText{std::string{as_text(*key)}};
}

} // namespace iwas::app

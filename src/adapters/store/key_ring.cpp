#include "adapters/store/key_ring.hpp"

#include "core/id.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

namespace iwas::adapters {

namespace {

constexpr std::size_t key_octets = 32;
constexpr std::size_t nonce_octets = 12;
constexpr std::size_t tag_octets = 16;
constexpr std::size_t keys_max = 16;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

void require(bool worked)
{
    if (!worked) throw std::runtime_error("AES-256-GCM failed in OpenSSL");
}

int size_of(ByteView bytes)
{
    return static_cast<int>(bytes.size());
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

} // namespace

Result<KeyRing, std::string> KeyRing::parse(std::string_view text)
{
    KeyRing ring;
    while (!text.empty()) {
        const auto end = text.find_first_of("\n,");
        std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        line = trimmed(line.substr(0, line.find('#')));
        if (line.empty()) continue;

        const auto blank = line.find_first_of(" \t");
        const std::string_view id = line.substr(0, blank);
        if (blank == std::string_view::npos || !is_key(id))
            return std::unexpected("each key is written as ID BASE64, ID of a-z, 0-9, - and _");
        auto key = from_base64(trimmed(line.substr(blank)));
        if (!key || key->size() != key_octets)
            return std::unexpected("key " + std::string{id} + ": base64 of 32 octets is expected");
        if (std::ranges::find(ring.keys_, id, &NamedKey::id) != ring.keys_.end())
            return std::unexpected("key " + std::string{id} + " is there twice");
        if (ring.keys_.size() == keys_max) return std::unexpected("more than 16 keys");
        ring.keys_.push_back({std::string{id}, Secret<Bytes>{std::move(*key)}});
    }
    if (ring.keys_.empty()) return std::unexpected("there is no key");
    return ring;
}

Result<KeyRing, std::string> KeyRing::from_file(const std::string& path)
{
    std::ifstream file{path, std::ios::binary};
    if (!file) return std::unexpected("key file " + path + " cannot be read");
    const SecretText text{std::string{std::istreambuf_iterator<char>{file}, {}}};
    auto ring = parse(text.reveal());
    if (!ring) return std::unexpected("key file " + path + ": " + ring.error());
    return ring;
}

Result<KeyRing, std::string> KeyRing::from_environment(const char* name)
{
    const char* text = std::getenv(name);
    if (!text) return std::unexpected("environment variable " + std::string{name} + " is not set");
    auto ring = parse(text);
    if (!ring) return std::unexpected(std::string{name} + ": " + ring.error());
    return ring;
}

SecretText KeyRing::generate(std::string_view key_id)
{
    Bytes octets(key_octets);
    require(RAND_bytes(octets.data(), size_of(octets)) == 1);
    SecretText line{std::string{key_id} + " " + to_base64(octets)};
    wipe(octets);
    return line;
}

std::string KeyRing::seal(const SecretText& secret, std::string_view place) const
{
    const std::string& plain = secret.reveal();
    const NamedKey& active = keys_.front();
    Bytes out(nonce_octets + plain.size() + tag_octets);
    require(RAND_bytes(out.data(), static_cast<int>(nonce_octets)) == 1);

    const Context context{EVP_CIPHER_CTX_new()};
    require(context != nullptr);
    int size = 0;
    require(
        EVP_EncryptInit_ex(
            context.get(), EVP_aes_256_gcm(), nullptr, active.key.reveal().data(), out.data()) ==
        1);
    const ByteView aad = as_bytes(place);
    require(EVP_EncryptUpdate(context.get(), nullptr, &size, aad.data(), size_of(aad)) == 1);
    const ByteView text = as_bytes(plain);
    std::uint8_t* const body = out.data() + nonce_octets;
    require(EVP_EncryptUpdate(context.get(), body, &size, text.data(), size_of(text)) == 1);
    require(EVP_EncryptFinal_ex(context.get(), body + size, &size) == 1);
    require(
        EVP_CIPHER_CTX_ctrl(
            context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_octets),
            body + plain.size()) == 1);
    return active.id + ":" + to_base64(out);
}

std::optional<SecretText> KeyRing::open(std::string_view sealed, std::string_view place) const
{
    const auto colon = sealed.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto named = std::ranges::find(keys_, sealed.substr(0, colon), &NamedKey::id);
    if (named == keys_.end()) return std::nullopt;
    auto bytes = from_base64(sealed.substr(colon + 1));
    if (!bytes || bytes->size() < nonce_octets + tag_octets) return std::nullopt;

    const std::size_t plain_octets = bytes->size() - nonce_octets - tag_octets;
    const Context context{EVP_CIPHER_CTX_new()};
    require(context != nullptr);
    int size = 0;
    require(
        EVP_DecryptInit_ex(
            context.get(), EVP_aes_256_gcm(), nullptr, named->key.reveal().data(), bytes->data()) ==
        1);
    const ByteView aad = as_bytes(place);
    require(EVP_DecryptUpdate(context.get(), nullptr, &size, aad.data(), size_of(aad)) == 1);
    std::string plain(plain_octets, '\0');
    auto* const out = reinterpret_cast<std::uint8_t*>(plain.data());
    require(
        EVP_DecryptUpdate(
            context.get(), out, &size, bytes->data() + nonce_octets,
            static_cast<int>(plain_octets)) == 1);
    require(
        EVP_CIPHER_CTX_ctrl(
            context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_octets),
            bytes->data() + nonce_octets + plain_octets) == 1);
    if (EVP_DecryptFinal_ex(context.get(), out + size, &size) != 1) {
        wipe({out, plain_octets});
        return std::nullopt;
    }
    return SecretText{std::move(plain)};
}

bool KeyRing::has(std::string_view key_id) const
{
    return std::ranges::find(keys_, key_id, &NamedKey::id) != keys_.end();
}

bool KeyRing::is_current(std::string_view sealed) const
{
    return sealed.substr(0, sealed.find(':')) == active_key();
}

} // namespace iwas::adapters

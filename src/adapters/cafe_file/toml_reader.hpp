// TomlReader: reads a TOML table key by key, and finds fault with what it does not expect.
#pragma once

#include "core/ip_address.hpp"
#include "core/secret.hpp"
#include "core/time.hpp"

#include <toml++/toml.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::adapters {

/// Something in the file that cannot be used. Lines and columns count from 1; 0 when the fault is
/// nowhere in particular.
struct CafeFault {
    unsigned line = 0;
    unsigned column = 0;
    std::string text;
};
/// "12:5: routers.q7.kind: mikrotik, uam or generic is expected"
std::string to_string(const CafeFault& fault);

/// Where secrets come from that are not in the file; nothing when there is none by that name.
struct SecretSources {
    std::function<std::optional<std::string>(const std::string& name)> environment;
    std::function<std::optional<std::string>(const std::string& path)> file;
};
/// The process' environment and the file system; one line break at a file's end is dropped.
SecretSources system_secrets();

/// "1h30m": whole numbers of d, h, m and s, each unit once, from the largest down.
std::optional<Seconds> duration_from(std::string_view text);
/// "500MB", "2GB" (decimal units kB, MB, GB, TB), in octets.
std::optional<std::uint64_t> octets_from(std::string_view text);
/// "08:30" in minutes of the day; "24:00" is 1440.
std::optional<int> minute_from(std::string_view text);

/// One table. Every read notes its key; `finish` refuses the keys that nobody read. Values are
/// never repeated in a fault: they might be secrets.
class TomlReader {
public:
    /// `path` names the table in faults, such as "routers.q7".
    TomlReader(const toml::table& table, std::string path, std::vector<CafeFault>& faults)
        : table_{table}, path_{std::move(path)}, faults_{faults}
    {
    }

    std::string text(std::string_view key, std::string otherwise = {});
    std::string required_text(std::string_view key);
    bool flag(std::string_view key, bool otherwise);
    std::int64_t integer(
        std::string_view key, std::int64_t otherwise, std::int64_t min, std::int64_t max);
    std::optional<std::int64_t> maybe_integer(
        std::string_view key, std::int64_t min, std::int64_t max);
    Seconds duration(std::string_view key, Seconds otherwise);
    Ipv4Prefix required_network(std::string_view key);
    std::vector<std::string> texts(std::string_view key);
    /// A number, or a text that holds one, as decimal digits; nothing when the key is missing. A
    /// TOML float comes back with the digits that were written, up to 15 of them.
    std::optional<std::string> decimal(std::string_view key);
    /// `key` itself, or `key`_env or `key`_file that name where it is.
    SecretText secret(std::string_view key, const SecretSources& sources, bool is_required);
    /// The same for a list of secrets.
    std::vector<SecretText> secrets(std::string_view key, const SecretSources& sources);
    /// The table below `key`; null when there is none.
    const toml::table* table(std::string_view key);
    /// The tables of a list ([[...]]) below `key`; none when there is no such key.
    std::vector<const toml::table*> tables(std::string_view key);
    /// A reader for a table below `key`, with the same list of faults.
    TomlReader below(std::string_view key, const toml::table& table)
    {
        return {table, path_ + "." + std::string{key}, faults_};
    }
    /// One of `words`; `otherwise` when the key is missing.
    template <class T>
    T word(
        std::string_view key, T otherwise,
        std::initializer_list<std::pair<std::string_view, T>> words)
    {
        const toml::node* const node = find(key);
        if (!node) return otherwise;
        std::string expected;
        for (const auto& [spelling, value] : words) {
            if (node->value<std::string>() == spelling) return value;
            expected.append(expected.empty() ? "" : ", ").append(spelling);
        }
        fault(key, "one of " + expected + " is expected");
        return otherwise;
    }

    [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
    /// A fault at `key`, or at the table when it has no such key.
    void fault(std::string_view key, const std::string& text);
    void finish();
    /// Takes `key` for known, and finds fault with it when it is there.
    void refuse(std::string_view key, const std::string& why);
    /// Lets `finish` refuse nothing: when one fault leaves open what the other keys should be.
    void know_all();
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    const toml::node* find(std::string_view key);
    std::optional<SecretText> one_secret(
        std::string_view key, const std::string& name,
        const std::function<std::optional<std::string>(const std::string&)>& source);

    const toml::table& table_;
    std::string path_;
    std::vector<CafeFault>& faults_;
    std::set<std::string, std::less<>> known_;
};

} // namespace iwas::adapters

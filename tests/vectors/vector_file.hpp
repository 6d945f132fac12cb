// Reads a vector file: records of `name value` lines, parted by blank lines, `#` for comments. The
// last line is `count N`; a file whose count differs from its records was cut or edited badly.
#pragma once

#include "core/bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iwas::tests {

/// One record. Names may occur several times; values reach to the end of the line.
class VectorRecord {
public:
    void add(std::string name, std::string value)
    {
        lines_.emplace_back(std::move(name), std::move(value));
    }
    [[nodiscard]] bool empty() const { return lines_.empty(); }
    [[nodiscard]] bool has(std::string_view name) const
    {
        for (const auto& [key, value] : lines_)
            if (key == name) return true;
        return false;
    }
    /// The first value of that name; throws when the record has none.
    [[nodiscard]] const std::string& operator[](std::string_view name) const
    {
        for (const auto& [key, value] : lines_)
            if (key == name) return value;
        throw std::out_of_range("no line " + std::string{name} + " in the record");
    }
    [[nodiscard]] const std::string& text(std::string_view name) const { return (*this)[name]; }
    [[nodiscard]] std::uint64_t number(std::string_view name) const
    {
        return std::stoull((*this)[name]);
    }
    /// The octets of a hexadecimal value; throws when it is none.
    [[nodiscard]] Bytes bytes(std::string_view name) const
    {
        return from_hex((*this)[name]).value();
    }
    /// The same with a known size; throws when it has another.
    template <std::size_t size>
    [[nodiscard]] std::array<std::uint8_t, size> array(std::string_view name) const
    {
        const Bytes octets = bytes(name);
        if (octets.size() != size) throw std::out_of_range(std::string{name} + " has another size");
        std::array<std::uint8_t, size> result;
        std::ranges::copy(octets, result.begin());
        return result;
    }
    /// All values of that name, in order.
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const
    {
        std::vector<std::string> values;
        for (const auto& [key, value] : lines_)
            if (key == name) values.push_back(value);
        return values;
    }

private:
    std::vector<std::pair<std::string, std::string>> lines_;
};

/// The records of `tests/vectors/NAME`; throws when the file is missing or its count is wrong.
inline std::vector<VectorRecord> read_vectors(const std::string& name)
{
    std::ifstream file{std::string{IWAS_SOURCE_DIR} + "/tests/vectors/" + name};
    if (!file) throw std::runtime_error("cannot read tests/vectors/" + name);
    std::vector<VectorRecord> records;
    VectorRecord record;
    std::string count;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        if (line.empty()) {
            if (!record.empty()) records.push_back(std::exchange(record, {}));
            continue;
        }
        const auto blank = line.find(' ');
        std::string key = line.substr(0, blank);
        std::string value = blank == std::string::npos ? "" : line.substr(blank + 1);
        if (key == "count") {
            count = value;
        } else {
            record.add(std::move(key), std::move(value));
        }
    }
    if (!record.empty()) records.push_back(std::move(record));
    if (count != std::to_string(records.size()))
        throw std::runtime_error(
            "tests/vectors/" + name + " says count " + count + " but holds " +
            std::to_string(records.size()) + " records");
    return records;
}

} // namespace iwas::tests

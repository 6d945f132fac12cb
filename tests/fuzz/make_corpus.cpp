// Makes a seed corpus from test vectors: every value of every record becomes a file, as octets when
// it is hexadecimal, else as text.
// Usage: iwas_make_corpus VECTORS_FOLDER CORPUS_FOLDER PREFIX...
#include "core/bytes.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <span>

namespace {

void write(const std::filesystem::path& folder, std::string_view octets)
{
    const std::size_t name = std::hash<std::string_view>{}(octets);
    std::ofstream{folder / std::to_string(name), std::ios::binary} << octets;
}

void seed_from(const std::filesystem::path& vectors, const std::filesystem::path& corpus)
{
    std::ifstream input{vectors};
    for (std::string line; std::getline(input, line);) {
        const auto blank = line.find(' ');
        if (line.starts_with('#') || blank == std::string::npos) continue;
        const std::string_view value = std::string_view{line}.substr(blank + 1);
        if (const auto octets = iwas::from_hex(value); octets && octets->size() > 4)
            write(corpus, iwas::as_text(*octets));
        else
            write(corpus, value);
    }
}

} // namespace

int main(int count, char** words)
{
    const std::span arguments{words, static_cast<std::size_t>(count)};
    if (arguments.size() < 4) {
        std::cerr << "usage: iwas_make_corpus VECTORS_FOLDER CORPUS_FOLDER PREFIX...\n";
        return 2;
    }
    for (const auto& file : std::filesystem::directory_iterator{arguments[1]}) {
        const std::string name = file.path().filename().string();
        const auto prefixes = arguments.subspan(3);
        if (std::ranges::any_of(prefixes, [&](const char* p) { return name.starts_with(p); }))
            seed_from(file.path(), arguments[2]);
    }
    return 0;
}

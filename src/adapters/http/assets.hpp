// Assets: the front end's files in memory, with ETag, caching and precompressed variants.
#pragma once

#include "adapters/http/message.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace iwas::http {

/// Files by path, such as "/assets/index-4f1c.js". Filled at start, then only read.
class Assets {
public:
    /// `immutable`: the name changes with the content, so that a browser may keep it for a year.
    /// Otherwise it asks again each time (ETag). `gzip` may be empty.
    void add(std::string path, std::string content, std::string gzip, bool immutable);

    /// Every file below `folder`; `NAME.gz` is the compressed variant of NAME. Files below an
    /// `assets/` folder are immutable (the bundler hashes their names). Throws std::runtime_error
    /// when the folder cannot be read.
    void add_folder(const std::filesystem::path& folder);

    [[nodiscard]] bool has(std::string_view path) const { return files_.contains(path); }
    [[nodiscard]] std::size_t size() const { return files_.size(); }

    /// Answers GET or HEAD for `path` (200, 304 or 404). `path` may differ from the request's, for
    /// pages that serve several addresses.
    [[nodiscard]] Response respond(const Request& request, std::string_view path) const;

private:
    struct File {
        std::shared_ptr<const std::string> content;
        std::shared_ptr<const std::string> gzip;
        std::string type;
        std::string etag;
        bool immutable = false;
    };
    std::map<std::string, File, std::less<>> files_;
};

/// The media type for a file name's ending.
std::string_view media_type_of(std::string_view path);

} // namespace iwas::http

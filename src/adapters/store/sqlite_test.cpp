// The contract on SQLite, and what only SQLite has: files, one writer, a process that is killed.
#include "tests/store/suites.hpp"

#include <cstdlib>
#include <filesystem>

namespace iwas::testing_support {

namespace {

class SqliteBackend final : public Backend {
public:
    explicit SqliteBackend(bool runs_inline) : runs_inline_{runs_inline}
    {
        std::string pattern = std::filesystem::temp_directory_path() / "iwas-store-XXXXXX";
        if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp failed");
        folder_ = pattern;
    }
    ~SqliteBackend() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string url() const override
    {
        return "sqlite:" + (folder_ / "iwas.db").string();
    }
    [[nodiscard]] bool is_inline() const override { return runs_inline_; }

private:
    bool runs_inline_;
    std::filesystem::path folder_;
};

auto sqlite_backends()
{
    return ::testing::Values(
        BackendKind{"SqliteThreads", [] { return std::make_unique<SqliteBackend>(false); }},
        BackendKind{"SqliteInline", [] { return std::make_unique<SqliteBackend>(true); }});
}

} // namespace

IWAS_RUN_STORE_CONTRACT(LedgerContract, sqlite_backends());

} // namespace iwas::testing_support

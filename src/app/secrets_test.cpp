#include "app/secrets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace iwas::app {
namespace {

namespace fs = std::filesystem;
using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr const char* old_key = "k1 a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=\n";

class SecretsTest : public ::testing::Test {
protected:
    SecretsTest() : folder_{fs::temp_directory_path() / ("iwas_keys_" + std::to_string(::getpid()))}
    {
        fs::create_directory(folder_);
    }
    ~SecretsTest() override { fs::remove_all(folder_); }

    [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }
    void write(const char* name, const std::string& text) const
    {
        std::ofstream{path(name)} << text;
    }
    [[nodiscard]] std::string text_of(const char* name) const
    {
        std::ifstream file{path(name)};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    /// Why no key could be added; empty when one was.
    [[nodiscard]] std::string fault_of_adding(const char* name) const
    {
        try {
            add_key(path(name));
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return {};
    }

    fs::path folder_;
};

TEST_F(SecretsTest, AKeyIsAddedInFrontOfThoseThatAreThere)
{
    write("ring", old_key);
    const std::string id = add_key(path("ring"));
    EXPECT_THAT(text_of("ring"), EndsWith(old_key));
    const auto ring = adapters::KeyRing::from_file(path("ring"));
    ASSERT_TRUE(ring);
    EXPECT_EQ(ring->active_key(), id);
    EXPECT_EQ(fs::status(path("ring")).permissions(), fs::perms{0600});

    add_key(path("new"));
    EXPECT_TRUE(adapters::KeyRing::from_file(path("new")));
}

TEST_F(SecretsTest, AFileThatCannotBeReadIsNotReplaced)
{
    // A file that is there and gives no octets, whoever reads it: a link to a folder.
    fs::create_directory(folder_ / "folder");
    fs::create_symlink(folder_ / "folder", folder_ / "link");
    EXPECT_THAT(fault_of_adding("link"), HasSubstr("link: cannot be read"));
    EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
    EXPECT_FALSE(fs::exists(folder_ / "link.new"));
}

TEST_F(SecretsTest, AFileThatIsNoKeyFileIsNotReplaced)
{
    write("letter", "Dear customer\n");
    EXPECT_THAT(fault_of_adding("letter"), HasSubstr("letter: no key is added to this file"));
    EXPECT_EQ(text_of("letter"), "Dear customer\n");

    // A ring that is full stays one that can be loaded.
    std::string full;
    for (int i = 0; i < 16; ++i)
        full += "f" + std::to_string(i) + std::string{old_key}.substr(2);
    write("full", full);
    ASSERT_TRUE(adapters::KeyRing::from_file(path("full")));
    EXPECT_THAT(fault_of_adding("full"), HasSubstr("more than 16 keys"));
    EXPECT_EQ(text_of("full"), full);
}

} // namespace
} // namespace iwas::app

#include "app/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <unistd.h>

namespace iwas::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ConfigTest : public ::testing::Test {
protected:
    ConfigTest()
    {
        path_ = (std::filesystem::temp_directory_path() /
                 ("iwas_config_" + std::to_string(::getpid()) + ".toml"))
                    .string();
    }
    ~ConfigTest() override { std::filesystem::remove(path_); }

    Config load(const std::string& text, const std::map<std::string, std::string>& variables = {})
    {
        std::ofstream{path_} << text;
        return load_config(path_, [&](const char* name) -> const char* {
            const auto found = variables.find(name);
            return found == variables.end() ? nullptr : found->second.c_str();
        });
    }
    std::string fault_of(
        const std::string& text, const std::map<std::string, std::string>& variables = {})
    {
        try {
            (void)load(text, variables);
        } catch (const ConfigError& error) {
            return error.what();
        }
        return {};
    }

    std::string path_;
};

TEST_F(ConfigTest, HasDefaults)
{
    const Config config = load("");
    EXPECT_EQ(config.http.port, 8080);
    EXPECT_EQ(config.http.address, "127.0.0.1");
    EXPECT_EQ(config.radius.authentication_port, 1812);
    EXPECT_EQ(config.store.url, "sqlite:iwas.db");
    EXPECT_EQ(config.log_level, "info");
}

TEST_F(ConfigTest, ReadsEveryType)
{
    const Config config = load(R"(
[http]
port = 0
public_url = "https://wifi.example.vn/"
trusted_proxies = ["10.0.0.0/8", "192.168.1.5"]
[radius]
address = "10.1.2.3"
reject_delay_ms = 0
[store]
url = "postgresql://iwas@db/iwas"
[timing]
drain_seconds = 3
)");
    EXPECT_EQ(config.http.port, 0);
    EXPECT_EQ(config.http.public_url, "https://wifi.example.vn");
    ASSERT_EQ(config.http.trusted_proxies.size(), 2U);
    EXPECT_EQ(to_string(config.http.trusted_proxies[0]), "10.0.0.0/8");
    EXPECT_EQ(to_string(config.radius.address), "10.1.2.3");
    EXPECT_EQ(config.radius.reject_delay, Milliseconds{0});
    EXPECT_EQ(config.store.url, "postgresql://iwas@db/iwas");
    EXPECT_EQ(config.timing.drain, Seconds{3});
}

TEST_F(ConfigTest, TheEnvironmentWins)
{
    const Config config =
        load("[http]\nport = 80\n", {{"IWAS_HTTP_PORT", "8090"}, {"IWAS_LOG_LEVEL", "debug"}});
    EXPECT_EQ(config.http.port, 8090);
    EXPECT_EQ(config.log_level, "debug");
}

TEST_F(ConfigTest, EveryKeyCanComeFromTheEnvironment)
{
    // A value that no key takes must be refused under every name: so every name is looked at.
    for (const ConfigKey& key : config_keys()) {
        const std::string name = environment_name(key.name);
        bool asked = false;
        (void)load_config("", [&](const char* asked_name) -> const char* {
            asked = asked || name == asked_name;
            return nullptr;
        });
        EXPECT_TRUE(asked) << name;
    }
}

TEST_F(ConfigTest, EveryKeyIsInTheManual)
{
    std::ifstream file{IWAS_SOURCE_DIR "/docs/configuration/server.md"};
    const std::string manual{std::istreambuf_iterator<char>{file}, {}};
    for (const ConfigKey& key : config_keys())
        EXPECT_THAT(
            manual, HasSubstr(
                        "| `" + std::string{key.name} + "` | `" + environment_name(key.name) +
                        "` | " + std::string{key.expected} + " |"));
}

TEST_F(ConfigTest, RefusesWithKeyValueAndExpectation)
{
    const std::string fault = fault_of("[http]\nport = 70000\n");
    EXPECT_THAT(fault, HasSubstr(":2: http.port = 70000: expected a whole number from 0 to 65535"));
    EXPECT_THAT(fault_of("[http]\nport = \"80\"\n"), HasSubstr("http.port = '80': expected"));
    EXPECT_THAT(
        fault_of("", {{"IWAS_LOG_LEVEL", "loud"}}),
        HasSubstr("IWAS_LOG_LEVEL: log.level = loud: expected one of debug, info, warn, error"));
    EXPECT_THAT(fault_of("[http]\naddress = \"nowhere\"\n"), HasSubstr("expected an IPv4 address"));
    EXPECT_THAT(
        fault_of("[http]\ntrusted_proxies = [\"10.0.0.1/8\"]\n"), HasSubstr("IPv4 networks"));
    EXPECT_THAT(fault_of("[http]\npublic_url = \"wifi\"\n"), HasSubstr("http.public_url"));
    EXPECT_THAT(fault_of("[http]\ntls_key = \"a.pem\"\n"), HasSubstr("or neither"));
}

TEST_F(ConfigTest, RefusesUnknownKeysAndAllFaultsAtOnce)
{
    const std::string fault =
        fault_of("nonsense = 1\n[http]\nprot = 80\nport = -1\n[extra]\na = 1\n");
    EXPECT_THAT(fault, HasSubstr("nonsense = 1: expected a key that exists"));
    EXPECT_THAT(fault, HasSubstr("http.prot = 80: expected a key that exists"));
    EXPECT_THAT(fault, HasSubstr("http.port = -1"));
    EXPECT_THAT(fault, HasSubstr("extra.a = 1: expected a key that exists"));
}

TEST_F(ConfigTest, RefusesBrokenAndMissingFiles)
{
    EXPECT_THAT(fault_of("[http\n"), HasSubstr(path_ + ":1"));
    EXPECT_THROW((void)load_config("/nonexistent/iwas.toml"), ConfigError);
}

TEST_F(ConfigTest, KeepsSecretsOutOfFaults)
{
    const std::string fault = fault_of("[store]\nurl = \"mysql://root:geheim@db\"\n");
    EXPECT_THAT(fault, HasSubstr("store.url = (not shown): expected sqlite:PATH"));
    EXPECT_THAT(fault, Not(HasSubstr("geheim")));
}

} // namespace
} // namespace iwas::app

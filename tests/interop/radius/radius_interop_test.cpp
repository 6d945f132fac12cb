// IWAS and Debian's RADIUS programs, over loopback: radclient, FreeRADIUS and eapol_test.
#include "adapters/radius/dynamic_authorization.hpp"
#include "adapters/radius/probe.hpp"
#include "adapters/radius/server.hpp"
#include "asio/run_now.hpp"
#include "protocol/radius/dictionary.hpp"
#include "tests/interop/radius/freeradius.hpp"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <sstream>

namespace iwas::adapters {

namespace {

namespace asio = boost::asio;
using testing::HasSubstr;
using tests::ChildProcess;
using tests::FreeRadius;
using tests::TemporaryFolder;

constexpr Ipv4Address loopback{0x7F000001};
const std::string secret_text = "interop-shared-secret-of-IWAS";

/// Keeps records in memory and calls them durable.
class MemoryJournal final : public ports::AccountingJournal {
public:
    void submit(
        domain::AccountingRecord record,
        std::function<void(ports::Journaled)> done) noexcept override
    {
        {
            const std::lock_guard lock{mutex_};
            records_.push_back(std::move(record));
        }
        done(ports::Journaled::durable);
    }
    [[nodiscard]] std::vector<domain::AccountingRecord> records() const
    {
        const std::lock_guard lock{mutex_};
        return records_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<domain::AccountingRecord> records_;
};

class RadiusInterop : public ::testing::Test {
protected:
    RadiusInterop()
    {
        RadiusClient client;
        client.router = domain::RouterId::trusted("r1");
        client.location = domain::LocationId::trusted("q7");
        client.source = Ipv4Prefix::parse("127.0.0.0/8").value();
        client.secrets = {SecretText{secret_text}};
        client.language = "en";
        clients.replace({client});

        ports::Admission one;
        one.session = session;
        one.location = client.location;
        one.user_name = "phone-1";
        one.password = SecretText{"one-time pass"};
        one.ends_at = moment_now().utc + std::chrono::hours{1};
        one.rate = {.up_bps = 2'000'000, .down_bps = 10'000'000, .burst_down_bps = 12'000'000};
        directory.admit(one);
        RadiusServerSettings settings{
            .address = loopback,
            .authentication_port = 0,
            .accounting_port = 0,
            .limits = {.reject_delay = Milliseconds{20}}};
        server.emplace(settings, clients, directory, journal);
    }

    /// Runs radclient with the attributes in `input`; gives what it printed.
    std::string radclient(const std::string& command, const std::string& input, std::uint16_t port)
    {
        ChildProcess process{
            {"radclient", "-x", "-r", "1", "-t", "3", "127.0.0.1:" + std::to_string(port), command,
             secret_text},
            input};
        EXPECT_NE(process.finish(std::chrono::seconds{15}), -1);
        return process.output();
    }
    RadiusTarget target(std::uint16_t port) const
    {
        return {
            loopback, port, std::make_shared<const radius::SharedSecret>(SecretText{secret_text})};
    }

    domain::SessionId session{Ulid{0x0123456789ABCDEF, 42}};
    ClientRegistry clients;
    Directory directory;
    MemoryJournal journal;
    std::optional<RadiusServer> server;
    asio::io_context io{1};
};

TEST_F(RadiusInterop, RadclientIsAcceptedByPapAndChap)
{
    for (const std::string attribute : {"User-Password", "CHAP-Password"}) {
        const std::string output = radclient(
            "auth",
            "User-Name = \"phone-1\"\n" + attribute +
                " = \"one-time pass\"\nMessage-Authenticator = 0x00\n",
            server->authentication_port());
        EXPECT_THAT(output, HasSubstr("Received Access-Accept"));
        EXPECT_THAT(output, HasSubstr("Mikrotik-Rate-Limit = \"2M/10M 2M/12M 2M/10M 8/8\""));
        EXPECT_THAT(output, HasSubstr("WISPr-Bandwidth-Max-Down = 10000000"));
        EXPECT_THAT(output, HasSubstr("Reply-Message = \"60 minutes left\""));
        const std::string refused = radclient(
            "auth",
            "User-Name = \"phone-1\"\n" + attribute +
                " = \"wrong\"\nMessage-Authenticator = 0x00\n",
            server->authentication_port());
        EXPECT_THAT(refused, HasSubstr("Received Access-Reject"));
    }
}

TEST_F(RadiusInterop, RadclientWithoutMessageAuthenticatorGetsNoAnswer)
{
    const std::string output = radclient(
        "auth", "User-Name = \"phone-1\"\nUser-Password = \"one-time pass\"\n",
        server->authentication_port());
    EXPECT_THAT(output, HasSubstr("No reply from server"));
}

TEST_F(RadiusInterop, RadclientAccountingIsRecorded)
{
    const std::string output = radclient(
        "acct",
        "Acct-Status-Type = Interim-Update\nAcct-Session-Id = \"80100014\"\n"
        "User-Name = \"phone-1\"\nCalling-Station-Id = \"AA-BB-CC-00-00-01\"\n"
        "Class = \"" +
            to_string(session) +
            "\"\nAcct-Session-Time = 600\n"
            "Acct-Output-Octets = 7\nAcct-Output-Gigawords = 1\nAcct-Input-Octets = 9\n",
        server->accounting_port());
    EXPECT_THAT(output, HasSubstr("Received Accounting-Response"));
    const auto records = journal.records();
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].status, domain::AccountingStatus::interim);
    EXPECT_EQ(records[0].session, session);
    EXPECT_EQ(records[0].down_octets, (1ULL << 32) + 7);
    EXPECT_EQ(records[0].up_octets, 9U);
    EXPECT_EQ(records[0].session_time, Seconds{600});
}

TEST_F(RadiusInterop, RadclientStatusServerOnBothPorts)
{
    const std::string status = "Message-Authenticator = 0x00\n";
    EXPECT_THAT(
        radclient("status", status, server->authentication_port()),
        HasSubstr("Received Access-Accept"));
    EXPECT_THAT(
        radclient("status", status, server->accounting_port()),
        HasSubstr("Received Accounting-Response"));
}

TEST_F(RadiusInterop, DisconnectAndCoaTowardsFreeRadius)
{
    const TemporaryFolder folder;
    const std::uint16_t port = tests::free_udp_port();
    FreeRadius router{
        folder, "always reject {\n rcode = reject\n}\n",
        "client local {\n ipaddr = 127.0.0.1\n secret = \"" + secret_text +
            "\"\n}\n"
            "server router {\n listen {\n type = coa\n ipaddr = 127.0.0.1\n port = " +
            std::to_string(port) +
            "\n }\n"
            " recv-coa {\n"
            "  if (&Acct-Session-Id == \"gone\") {\n"
            "   update reply {\n    Error-Cause := Session-Context-Not-Found\n   }\n"
            "   reject\n  }\n"
            "  elsif (&Packet-Type == CoA-Request) {\n"
            "   if (&Mikrotik-Rate-Limit == \"1M/2M\" && &Session-Timeout == 120) {\n    ok\n   }\n"
            "   else {\n    reject\n   }\n  }\n"
            "  else {\n   ok\n  }\n }\n send-coa {\n  ok\n }\n}\n"};
    RadiusRequester requester{io.get_executor()};
    DynamicAuthorization orders{requester};
    const auto by = [] { return SteadyTime::clock::now() + std::chrono::seconds{8}; };
    const NetworkSessionName here{"phone-1", "80100014", loopback, std::nullopt};
    const NetworkSessionName gone{"phone-1", "gone", loopback, std::nullopt};
    const auto mikrotik = domain::RouterKind::mikrotik;
    EXPECT_TRUE(run_now(io, orders.disconnect(target(port), mikrotik, here, by())));
    const auto unknown = run_now(io, orders.disconnect(target(port), mikrotik, gone, by()));
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error(), CoaError::session_not_found);
    const ServiceChange right{Seconds{120}, {1'000'000, 2'000'000, 0}, std::nullopt};
    EXPECT_TRUE(run_now(io, orders.change(target(port), mikrotik, here, right, by())));
    const ServiceChange other{Seconds{121}, {1'000'000, 2'000'000, 0}, std::nullopt};
    EXPECT_FALSE(run_now(io, orders.change(target(port), mikrotik, here, other, by())));
}

TEST_F(RadiusInterop, ProbesOfAFreeRadius)
{
    const TemporaryFolder folder;
    const std::uint16_t port = tests::free_udp_port();
    FreeRadius outside{
        folder, "pap {\n}\nchap {\n}\n",
        "client local {\n ipaddr = 127.0.0.1\n secret = \"" + secret_text +
            "\"\n require_message_authenticator = yes\n}\n"
            "server outside {\n listen {\n type = auth\n ipaddr = 127.0.0.1\n port = " +
            std::to_string(port) +
            "\n }\n"
            " authorize {\n  update control {\n   Cleartext-Password := \"synthetic\"\n  }\n"
            "  chap\n  pap\n }\n"
            " authenticate {\n  Auth-Type PAP {\n   pap\n  }\n  Auth-Type CHAP {\n   chap\n  }\n "
            "}\n}\n"};
    RadiusRequester requester{io.get_executor()};
    const auto ask = [&](ProbeKind kind, const std::string& password) {
        const ProbeRequest request{kind, "monitor", SecretText{password}, "", "iwas"};
        return run_now(
            io, probe(
                    requester, target(port), request,
                    SteadyTime::clock::now() + std::chrono::seconds{8}));
    };
    EXPECT_TRUE(ask(ProbeKind::pap, "synthetic").is_positive);
    EXPECT_TRUE(ask(ProbeKind::chap, "synthetic").is_positive);
    EXPECT_TRUE(ask(ProbeKind::status, "").is_positive);
    const auto refused = ask(ProbeKind::pap, "wrong");
    EXPECT_TRUE(refused.is_answered);
    EXPECT_FALSE(refused.is_positive);
}

/// Certificates, a FreeRADIUS that ends the TLS tunnel and asks IWAS about what is inside, and a
/// client for it.
class EapInterop : public RadiusInterop {
protected:
    EapInterop()
    {
        make_certificates();
        const std::string path = folder.path().string();
        front.emplace(
            folder,
            "eap {\n default_eap_type = ttls\n"
            " tls-config tls-common {\n  private_key_file = " +
                path +
                "/server.key\n"
                "  certificate_file = " +
                path + "/server.pem\n  ca_file = " + path +
                "/ca.pem\n"
                "  tls_min_version = \"1.2\"\n  tls_max_version = \"1.2\"\n }\n"
                " ttls {\n  tls = tls-common\n  default_eap_type = md5\n"
                "  copy_request_to_tunnel = yes\n  use_tunneled_reply = yes\n"
                "  virtual_server = inner\n }\n}\n",
            "client local {\n ipaddr = 127.0.0.1\n secret = \"" + secret_text +
                "\"\n}\n"
                "home_server iwas {\n type = auth\n ipaddr = 127.0.0.1\n port = " +
                std::to_string(server->authentication_port()) + "\n secret = \"" + secret_text +
                "\"\n response_window = 5\n}\n"
                "home_server_pool iwas {\n home_server = iwas\n}\n"
                "realm IWAS {\n auth_pool = iwas\n nostrip\n}\n"
                "server outer {\n listen {\n  type = auth\n  ipaddr = 127.0.0.1\n  port = " +
                std::to_string(port) +
                "\n }\n authorize {\n  eap\n }\n"
                " authenticate {\n  eap\n }\n"
                " pre-proxy {\n  update proxy-request {\n   Message-Authenticator := 0x00\n  }\n "
                "}\n"
                " post-proxy {\n  eap\n }\n}\n"
                "server inner {\n authorize {\n  update control {\n"
                "   Proxy-To-Realm := \"IWAS\"\n  }\n }\n}\n");
    }
    void make_certificates()
    {
        const std::string path = folder.path().string() + "/";
        const auto openssl = [](std::vector<std::string> words) {
            words.insert(words.begin(), "openssl");
            ChildProcess process{words};
            ASSERT_EQ(process.finish(std::chrono::seconds{20}), 0) << process.output();
        };
        openssl(
            {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=IWAS test CA", "-keyout", path + "ca.key", "-out", path + "ca.pem"});
        openssl(
            {"req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=radius.test", "-keyout",
             path + "server.key", "-out", path + "server.csr"});
        openssl(
            {"x509", "-req", "-days", "2", "-in", path + "server.csr", "-CA", path + "ca.pem",
             "-CAkey", path + "ca.key", "-CAcreateserial", "-out", path + "server.pem"});
    }
    /// Logs in with the inner method `phase2`; true when the client is satisfied, which with
    /// MS-CHAPv2 includes that IWAS proved to know the password.
    bool eapol_test(const std::string& phase2, const std::string& password)
    {
        const auto file = folder.write(
            "eapol.conf", "network={\n key_mgmt=IEEE8021X\n eap=TTLS\n"
                          " anonymous_identity=\"anonymous@q7\"\n identity=\"phone-1\"\n"
                          " password=\"" +
                              password + "\"\n ca_cert=\"" + folder.path().string() +
                              "/ca.pem\"\n phase2=\"auth=" + phase2 + "\"\n}\n");
        ChildProcess process{
            {"eapol_test", "-c", file.string(), "-a", "127.0.0.1", "-p", std::to_string(port), "-s",
             secret_text, "-t", "10", "-M", "02:00:00:00:00:A1"}};
        const int status = process.finish(std::chrono::seconds{20});
        output = process.output();
        return status == 0 && output.find("SUCCESS") != std::string::npos;
    }

    TemporaryFolder folder;
    std::uint16_t port = tests::free_udp_port();
    std::optional<FreeRadius> front;
    std::string output;
};

TEST_F(EapInterop, TtlsWithInnerPapThroughAProxy)
{
    EXPECT_TRUE(eapol_test("PAP", "one-time pass")) << output.substr(output.size() / 2);
    // The inner name and the session's class reach the access server: accounting will bear them.
    const auto accept = output.rfind("(Access-Accept)");
    ASSERT_NE(accept, std::string::npos);
    const std::string attributes = output.substr(accept);
    EXPECT_THAT(attributes, HasSubstr("(User-Name)"));
    EXPECT_THAT(attributes, HasSubstr("'phone-1'"));
    EXPECT_THAT(attributes, HasSubstr("(Class)"));
    EXPECT_FALSE(eapol_test("PAP", "wrong"));
}

TEST_F(EapInterop, TtlsWithInnerChapThroughAProxy)
{
    EXPECT_TRUE(eapol_test("CHAP", "one-time pass")) << output.substr(output.size() / 2);
    EXPECT_FALSE(eapol_test("CHAP", "wrong"));
}

TEST_F(EapInterop, TtlsWithInnerMsChap2ThroughAProxy)
{
    EXPECT_TRUE(eapol_test("MSCHAPV2", "one-time pass")) << output.substr(output.size() / 2);
    EXPECT_FALSE(eapol_test("MSCHAPV2", "wrong"));
}

TEST(DictionaryInterop, ReadsTheDictionariesOfFreeRadius)
{
    const std::string folder = "/usr/share/freeradius/";
    const auto text_of = [&](std::string_view name) -> std::optional<std::string> {
        std::ifstream file{folder + std::string{name}};
        if (!file) return std::nullopt;
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    };
    radius::Dictionary dictionary;
    const auto read = dictionary.add(*text_of("dictionary"), text_of);
    ASSERT_TRUE(read) << read.error().file << ":" << read.error().line << ": "
                      << read.error().reason;
    EXPECT_GT(dictionary.attribute_count(), 3000U);
    // What both know is called and typed alike.
    int compared = 0;
    for (std::uint32_t vendor : {0U, 311U, 14122U, 14559U, 14988U}) {
        for (int number = 1; number < 256; ++number) {
            const auto* ours =
                radius::standard_dictionary().find(vendor, static_cast<std::uint8_t>(number));
            const auto* theirs = dictionary.find(vendor, static_cast<std::uint8_t>(number));
            if (ours == nullptr || theirs == nullptr) continue;
            ++compared;
            EXPECT_EQ(ours->name, theirs->name);
            EXPECT_EQ(ours->type, theirs->type) << ours->name;
            EXPECT_EQ(ours->has_tag, theirs->has_tag) << ours->name;
        }
    }
    EXPECT_GT(compared, 100);
}

} // namespace

} // namespace iwas::adapters

#include "tests/interop/postgresql/postgres_cluster.hpp"

#include "adapters/store/connection.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <pwd.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace iwas::testing_support {

namespace {

const std::filesystem::path programs = "/usr/lib/postgresql/15/bin";

/// The user that the server runs as; nothing when it is the test's own.
const passwd* server_user()
{
    if (::geteuid() != 0) return nullptr;
    const passwd* const user = ::getpwnam("postgres");
    if (!user) throw std::runtime_error("there is no user postgres: install postgresql-15");
    return user;
}

/// Runs `command` with its output in `log`; ends with the test process.
pid_t start(std::vector<std::string> command, const std::string& log)
{
    const passwd* const user = server_user();
    std::vector<char*> arguments;
    for (std::string& each : command)
        arguments.push_back(each.data());
    arguments.push_back(nullptr);
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("fork failed");
    if (child > 0) return child;

    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (out >= 0) {
        ::dup2(out, STDOUT_FILENO);
        ::dup2(out, STDERR_FILENO);
    }
    if (user && (::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0)) std::_Exit(126);
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (::getppid() != parent) std::_Exit(125);
    ::execv(arguments.front(), arguments.data());
    std::_Exit(127);
}

int finish(pid_t child)
{
    int status = 0;
    ::waitpid(child, &status, 0);
    return status;
}

} // namespace

PostgresCluster::PostgresCluster()
{
    for (const char* program : {"initdb", "postgres"})
        if (!std::filesystem::exists(programs / program))
            throw std::runtime_error(
                (programs / program).string() + " is missing: install postgresql-15");
    const std::string folder = folder_.path();
    if (const passwd* const user = server_user())
        if (::chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0)
            throw std::runtime_error("chown failed");

    const std::string data = folder_.path() / "data";
    const std::string log = folder_.path() / "log";
    const pid_t initdb = start(
        {programs / "initdb", "--pgdata=" + data, "--username=postgres", "--auth=trust",
         "--encoding=UTF8", "--locale=C", "--no-sync"},
        log);
    if (finish(initdb) != 0) throw std::runtime_error("initdb failed:\n" + log_text());
    server_ = start(
        {programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c",
         "max_connections=80", "-c", "fsync=off"},
        log);
    wait_until_ready();
}

PostgresCluster::~PostgresCluster()
{
    if (server_ > 0) {
        ::kill(server_, SIGQUIT);
        finish(server_);
    }
}

std::string PostgresCluster::url(const std::string& database) const
{
    return "postgresql://postgres@/" + database + "?host=" + folder_.path().string();
}

void PostgresCluster::drop_connections()
{
    adapters::Connection db{{url("postgres"), "full"}};
    db.execute_once("select pg_terminate_backend(pid) from pg_stat_activity "
                    "where pid <> pg_backend_pid() and datname is not null");
}

std::string PostgresCluster::log_text() const
{
    std::ifstream file{folder_.path() / "log"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void PostgresCluster::wait_until_ready()
{
    using namespace std::chrono_literals;
    for (int tries = 0; tries < 300; ++tries) {
        try {
            const adapters::Connection db{{url("postgres"), "full"}};
            return;
        } catch (const std::exception&) {
            std::this_thread::sleep_for(100ms);
        }
        int status = 0;
        if (::waitpid(server_, &status, WNOHANG) == server_) {
            server_ = -1;
            throw std::runtime_error("postgres ended:\n" + log_text());
        }
    }
    throw std::runtime_error("postgres does not answer:\n" + log_text());
}

} // namespace iwas::testing_support

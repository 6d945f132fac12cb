// PostgresCluster: a PostgreSQL server of the test's own, in a temporary folder.
#pragma once

#include "tests/support/temporary_folder.hpp"

#include <string>
#include <sys/types.h>

namespace iwas::testing_support {

/// Starts PostgreSQL 15 from the Debian package on a Unix socket, and ends it, also when the test
/// process dies. Run by root it becomes the user `postgres`, as the server demands. Throws
/// std::runtime_error when the server is missing or does not start.
class PostgresCluster {
public:
    PostgresCluster();
    ~PostgresCluster();
    PostgresCluster(const PostgresCluster&) = delete;
    PostgresCluster& operator=(const PostgresCluster&) = delete;

    [[nodiscard]] std::string url(const std::string& database) const;
    /// Ends all connections at once, as a failing network or a restart does.
    void drop_connections();

private:
    void wait_until_ready();
    [[nodiscard]] std::string log_text() const;

    tests::TemporaryFolder folder_;
    pid_t server_ = -1;
};

} // namespace iwas::testing_support

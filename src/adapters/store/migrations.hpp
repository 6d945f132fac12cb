// Migrations: the numbered steps that bring a database to this program's schema.
#pragma once

#include "adapters/store/connection.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::adapters {

struct Migration {
    int number = 0;        // 1, 2, 3, ... without gaps
    std::string_view name; // the file's name without number and suffix
    std::string_view sql;  // with placeholders; migrations/0001_initial.sql names them
};

/// The files of migrations/, in order; built into the program.
std::span<const Migration> embedded_migrations();

struct AppliedMigration {
    int number = 0;
    std::string name;
};

/// Applies what is missing, each migration in one transaction; several nodes may call at once.
/// Returns what this call applied. Throws std::runtime_error when the database has a newer schema
/// than this program, DatabaseError when SQL fails.
std::vector<AppliedMigration> migrate(
    Connection& db, std::span<const Migration> migrations = embedded_migrations());

/// `sql` with the placeholders of `engine` filled in, cut into its statements.
std::vector<std::string> statements_of(std::string_view sql, Engine engine);

} // namespace iwas::adapters

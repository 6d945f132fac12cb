// The program's commands. Each registers itself with its options and its --help.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace iwas::app {

/// Reads the command line and runs its command. The exit status: 0 done, 78 the configuration is
/// wrong, else the command's own. What went wrong is on standard error.
int run(int argc, char** argv);

/// What stands before every command.
struct CommonOptions {
    std::string config_file; // empty: defaults and the environment
};

/// Each adds one subcommand to `app`. What it needs of `common` it reads when it runs. A command
/// that fails throws; `run` shows the sentence and exits with 1, or throws CLI::RuntimeError with
/// another status.
void add_serve(CLI::App& app, const CommonOptions& common);
void add_demo(CLI::App& app, const CommonOptions& common);
void add_apply(CLI::App& app, const CommonOptions& common);
void add_migrate(CLI::App& app, const CommonOptions& common);
void add_trace(CLI::App& app, const CommonOptions& common);
void add_key(CLI::App& app, const CommonOptions& common);
void add_radius(CLI::App& app, const CommonOptions& common);
void add_router(CLI::App& app, const CommonOptions& common);
void add_payment(CLI::App& app, const CommonOptions& common);
void add_reconcile(CLI::App& app, const CommonOptions& common);
void add_refund(CLI::App& app, const CommonOptions& common);
void add_staff(CLI::App& app, const CommonOptions& common);
void add_vietqr(CLI::App& app, const CommonOptions& common);
void add_backup(CLI::App& app, const CommonOptions& common);
void add_version(CLI::App& app, const CommonOptions& common);

} // namespace iwas::app

#include "app/commands/commands.hpp"
#include "app/config.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace iwas::app {

int run(int argc, char** argv)
{
    CLI::App app{"IWAS: WiFi for internet cafés, sold and enforced"};
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", "iwas " IWAS_VERSION);
    CommonOptions common;
    app.add_option("-c,--config", common.config_file, "TOML file; see `iwas serve --keys`")
        ->envname("IWAS_CONFIG");

    add_serve(app, common);
    add_demo(app, common);
    add_apply(app, common);
    add_migrate(app, common);
    add_trace(app, common);
    add_key(app, common);
    add_radius(app, common);
    add_router(app, common);
    add_payment(app, common);
    add_reconcile(app, common);
    add_refund(app, common);
    add_staff(app, common);
    add_vietqr(app, common);
    add_backup(app, common);
    add_version(app, common);

    try {
        app.parse(argc, argv);
    } catch (const CLI::Error& error) {
        return app.exit(error);
    } catch (const ConfigError& error) {
        fmt::print(stderr, "iwas: the configuration is wrong:\n{}\n", error.what());
        return 78; // EX_CONFIG
    } catch (const std::exception& error) {
        fmt::print(stderr, "iwas: {}\n", error.what());
        return 1;
    }
    return 0;
}

} // namespace iwas::app

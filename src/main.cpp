// iwas: the one program. Each command is a file in app/commands/.
#include "app/commands/commands.hpp"
#include "app/config.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <exception>

int main(int argc, char** argv)
{
    CLI::App app{"IWAS: WiFi for internet cafés, sold and enforced"};
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", "iwas " IWAS_VERSION);
    iwas::app::CommonOptions common;
    app.add_option("-c,--config", common.config_file, "TOML file; see `iwas serve --keys`")
        ->envname("IWAS_CONFIG");

    iwas::app::add_serve(app, common);
    iwas::app::add_demo(app, common);
    iwas::app::add_apply(app, common);
    iwas::app::add_migrate(app, common);
    iwas::app::add_trace(app, common);
    iwas::app::add_key(app, common);
    iwas::app::add_radius(app, common);
    iwas::app::add_router(app, common);
    iwas::app::add_payment(app, common);
    iwas::app::add_reconcile(app, common);
    iwas::app::add_refund(app, common);
    iwas::app::add_staff(app, common);
    iwas::app::add_vietqr(app, common);
    iwas::app::add_backup(app, common);
    iwas::app::add_version(app, common);

    try {
        app.parse(argc, argv);
    } catch (const CLI::Error& error) {
        return app.exit(error);
    } catch (const iwas::app::ConfigError& error) {
        fmt::print(stderr, "iwas: the configuration is wrong:\n{}\n", error.what());
        return 78; // EX_CONFIG
    } catch (const std::exception& error) {
        fmt::print(stderr, "iwas: {}\n", error.what());
        return 1;
    }
    return 0;
}

// What the commands about the walled garden have in common: which groups, which portal, which data.
#pragma once

#include "app/commands/configured_router.hpp"
#include "protocol/captive/walled_garden/routeros.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace iwas::app {

/// As the operator types them.
struct GardenWords {
    std::vector<std::string> groups;
    std::string portal; // empty: http.public_url of the configuration
    std::string server;
    std::string data_file;   // empty: the data of the program
    bool is_sandbox = false; // of groups without an account
};

/// Adds --methods, --portal, --server, --data and --sandbox.
void add_garden_words(CLI::App& command, GardenWords& words);

/// The data of the file, or of the program. Throws std::runtime_error that names file and line.
captive::WalledGarden load_garden(const std::string& data_file);

/// What a router is to open.
struct WantedGarden {
    unsigned version = 0;
    std::string heading; // one line on what it is for
    std::vector<captive::GardenEntry> entries;
    std::vector<captive::GardenRule> rules;
};

/// With `configured`, the enabled accounts of that router's organization name the methods when
/// `words` name none; and each account of a method that is named says for itself whether it is of
/// the gateway's test environment, and which pages of its own customers' browsers open. The link to
/// banking apps is opened where it is not the usual one. Throws std::runtime_error for an unknown
/// group, an address that is no portal or page, and whatever would open a probe host.
WantedGarden wanted_garden(
    const GardenWords& words, const Config& config, const ConfiguredRouter* configured);

} // namespace iwas::app

// staff: who may use the staff API, and with which token.
#include "domain/staff.hpp"

#include "adapters/clock/system_random.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/money_store.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

namespace iwas::app {

namespace {

constexpr const char* actor = "command";
constexpr const char* staff_help =
    "A member of staff uses the API under /api/v1/staff/ with a token of his own; what he does is "
    "kept in the ledger under his name. See docs/staff-api.md.";
constexpr const char* add_help =
    "The token is printed once and kept nowhere: only its SHA-256 is. Whoever has it may do what "
    "the member may, so give it to him alone. A lost token: revoke the member and add him again.";

struct AddOptions {
    std::string name;
    std::string organization;
    std::vector<std::string> locations;
    std::string role;
};

domain::StaffId staff_name(const std::string& text)
{
    const auto name = domain::StaffId::parse(text);
    if (!name)
        throw std::runtime_error{
            text + ": a name is 1 to 64 of a-z, 0-9, '-', '_' and '.', such as lan.nguyen"};
    return *name;
}

std::set<domain::LocationId> locations_in(
    const MoneyStore& store, const domain::Organization& organization,
    const std::vector<std::string>& names)
{
    std::set<domain::LocationId> locations;
    for (const std::string& name : names) {
        const auto id = domain::LocationId::parse(name);
        const domain::Location* location = id ? store.catalog().location(*id) : nullptr;
        if (!location || location->organization != organization.id)
            throw std::runtime_error{
                name + ": no location of " + organization.id.text() + " is called so"};
        locations.insert(*id);
    }
    return locations;
}

void add_member(const std::string& config_file, const AddOptions& options)
{
    MoneyStore store{config_file};
    const domain::Organization& organization = store.organization(options.organization);
    domain::StaffMember member;
    member.name = staff_name(options.name);
    member.organization = organization.id;
    member.locations = locations_in(store, organization, options.locations);
    member.role = domain::staff_role_from(options.role).value();
    member.added_at = store.now();

    std::array<std::uint8_t, 32> random{};
    adapters::SystemRandom{}.fill(random);
    const SecretText token = domain::staff_token(random);
    wipe(random);
    const Sha256Digest digest = domain::staff_token_digest(token.reveal()).value();
    const auto added = store.run(store.store().add_staff(member, digest, actor));
    if (!added && added.error() == ports::StoreError::conflict)
        throw std::runtime_error{
            options.name +
            ": is there already; to give him a new token, first: iwas staff revoke " +
            options.name};
    if (!added) throw std::runtime_error{"the store does not answer"};
    // The token alone on the output, so that a script can take it.
    fmt::print(
        stderr, "{}: {} of {}. His token, which is shown only now:\n", options.name, options.role,
        organization.id.text());
    fmt::print("{}\n", token.reveal());
}

std::string places_of(const domain::StaffMember& member)
{
    if (domain::sees_everything(member)) return "all locations";
    std::string text;
    for (const domain::LocationId& each : member.locations)
        text.append(text.empty() ? "" : ", ").append(each.text());
    return text;
}

boost::json::object json_of(const domain::StaffMember& member)
{
    boost::json::array locations;
    for (const domain::LocationId& each : member.locations)
        locations.push_back(boost::json::value(each.text()));
    boost::json::object object{
        {"name", member.name.text()},
        {"organization", member.organization.text()},
        {"locations", std::move(locations)},
        {"role", to_text(member.role)},
        {"added_at", to_rfc3339(member.added_at)},
    };
    object["revoked_at"] = nullptr;
    if (member.revoked_at) object["revoked_at"] = to_rfc3339(*member.revoked_at);
    return object;
}

void list_members(const std::string& config_file, bool is_json)
{
    MoneyStore store{config_file};
    const auto all = store.get(store.store().all_staff());
    if (is_json) {
        boost::json::array members;
        for (const domain::StaffMember& each : all)
            members.push_back(json_of(each));
        print_json(members);
        return;
    }
    for (const domain::StaffMember& each : all)
        fmt::print(
            "{:<20} {:<8} {:<16} {:<24} {}\n", each.name.text(), to_text(each.role),
            each.organization.text(), places_of(each),
            each.revoked_at ? "revoked " + to_rfc3339(*each.revoked_at)
                            : "since " + to_rfc3339(each.added_at));
    if (all.empty()) fmt::print("nobody\n");
}

void revoke_member(const std::string& config_file, const std::string& name)
{
    MoneyStore store{config_file};
    const bool is_revoked =
        store.get(store.store().revoke_staff(staff_name(name), actor, store.now()));
    if (!is_revoked) throw std::runtime_error{name + ": nobody of that name has a token"};
    fmt::print("{}: revoked; his token opens nothing any more\n", name);
}

} // namespace

void add_staff(CLI::App& app, const CommonOptions& common)
{
    auto* command = app.add_subcommand("staff", "Who may use the staff API");
    command->footer(staff_help);
    command->require_subcommand(1);

    auto* added = command->add_subcommand("add", "Add a member and print his token, once");
    added->footer(add_help);
    auto options = std::make_shared<AddOptions>();
    added
        ->add_option(
            "--name", options->name, "Under which his actions are kept, such as lan.nguyen")
        ->required();
    added->add_option("--organization", options->organization, "Needed where there are several");
    added->add_option(
        "--location", options->locations,
        "He sees only this one; may be given several times. Without it: the whole organization, "
        "with bank transfers that found no order and the gateways' reconciliation");
    added->add_option("--role", options->role, "viewer: reads. manager: also refunds and settles")
        ->required()
        ->check(CLI::IsMember({"viewer", "manager"}));
    added->callback([&common, options] { add_member(common.config_file, *options); });

    auto* listed = command->add_subcommand("list", "Everybody, also who was revoked; no tokens");
    auto is_json = std::make_shared<bool>(false);
    listed->add_flag("--json", *is_json, "For programs");
    listed->callback([&common, is_json] { list_members(common.config_file, *is_json); });

    auto* revoked =
        command->add_subcommand("revoke", "From now on the member's token opens nothing");
    auto name = std::make_shared<std::string>();
    revoked->add_option("NAME", *name, "Of the member")->required();
    revoked->callback([&common, name] { revoke_member(common.config_file, *name); });
}

} // namespace iwas::app

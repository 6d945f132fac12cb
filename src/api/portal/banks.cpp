// The banks that customers can name as theirs.
#include "protocol/vietqr/banks.hpp"

#include "api/portal/handlers.hpp"
#include "protocol/vietqr/bank_apps.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <memory>

namespace iwas::api::portal {

namespace json = boost::json;

namespace {

json::object bank_json(const vietqr::Bank& bank)
{
    const vietqr::BankApp* app = vietqr::find_app_of_bank(bank.bin);
    json::value app_object = nullptr;
    if (app) app_object = json::object{{"id", app->app}, {"fills_in", app->fills_in}};
    return {
        {"bank_bin", bank.bin},
        {"bank_name", bank.short_name},
        {"full_name", bank.name},
        {"app", std::move(app_object)},
    };
}

/// The same for everybody.
json::array all_banks()
{
    json::array list;
    for (const vietqr::Bank& each : vietqr::banks())
        list.push_back(bank_json(each));
    return list;
}

} // namespace

awaitable<Response> get_banks(Request request, Services& services)
{
    const auto entered = co_await enter(std::move(request), Entry::read, services);
    if (!entered) co_return entered.error();
    static const auto list =
        std::make_shared<const std::string>(json::serialize(json::object{{"banks", all_banks()}}));
    Response response = Response::json(200, {});
    response.shared_body = list;
    // New with a new version of the server at most.
    response.headers.set("Cache-Control", "private, max-age=86400");
    co_return response;
}

} // namespace iwas::api::portal

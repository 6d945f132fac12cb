// Paying at a gateway: what is offered, the QR of an open order, giving up, and coming back.
#include "api/portal/handlers.hpp"
#include "api/portal/payment_methods.hpp"
#include "api/portal/situation.hpp"
#include "api/receipt.hpp"

namespace iwas::api::portal {

namespace json = boost::json;

namespace {

/// The purchase that the path names, if this customer may see it.
awaitable<Result<workflows::PurchaseView, Response>> purchase_of(
    Customer customer, std::string id_text, Services& services)
{
    const auto id = domain::TransactionId::parse(id_text);
    if (!id) co_return std::unexpected{customer.refuse(ProblemCode::not_found)};
    auto view = co_await services.purchases.view(*id);
    if (!view)
        co_return std::unexpected{
            customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s})};
    if (!*view || !may_see(customer, (*view)->transaction))
        co_return std::unexpected{customer.refuse(ProblemCode::not_found)};
    co_return std::move(**view);
}

/// His own order, or, on the same device, a guest's: that browser window may be gone, and money
/// that comes all the same buys what was ordered.
awaitable<Result<void, Refusal>> may_cancel(
    Customer customer, domain::Transaction order, Services& services)
{
    if (customer.account && order.account == customer.account->id)
        co_return Result<void, Refusal>{};
    const auto payer = co_await services.store.load_account(order.account);
    if (!payer) co_return std::unexpected{Refusal{.code = ProblemCode::try_later, .wait = 1s}};
    const bool is_guests = *payer && domain::is_guest(**payer);
    if (is_guests && order.mac == customer.visit.mac) co_return Result<void, Refusal>{};
    co_return std::unexpected{
        Refusal{.code = customer.account ? ProblemCode::not_found : ProblemCode::not_signed_in}};
}

awaitable<Response> draw(
    Request request, Services& services,
    const std::function<std::optional<std::string>(std::string_view)>& drawing, std::string type)
{
    std::string id{request.param("id")};
    auto entered = co_await enter(std::move(request), Entry::read, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    const auto view = co_await purchase_of(customer, std::move(id), services);
    if (!view) co_return view.error();
    const std::string text = qr_text_of(*view);
    if (text.empty() || !drawing) co_return customer.refuse(ProblemCode::not_found);
    auto drawn = drawing(text);
    if (!drawn) co_return customer.refuse(ProblemCode::not_found);
    Response response = Response::content(200, std::move(type), std::move(*drawn));
    // What is still missing changes with every part that comes.
    response.headers.set("Cache-Control", "no-store");
    co_return response;
}

/// What the payer may read of his paid purchase; 404 for everybody else and before it is paid.
awaitable<Result<Receipt, Response>> receipt_for(
    Customer customer, std::string id, Services& services)
{
    const auto view = co_await purchase_of(customer, std::move(id), services);
    if (!view) co_return std::unexpected{view.error()};
    const domain::Transaction& txn = view->transaction;
    if (txn.account != customer.account->id || !has_receipt(txn))
        co_return std::unexpected{customer.refuse(ProblemCode::not_found)};

    const auto events = co_await services.store.events_of(txn.id);
    const auto parts = co_await services.store.transactions_from(txn.id);
    if (!events || !parts)
        co_return std::unexpected{
            customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s})};
    const auto catalog = services.catalog.current();
    co_return receipt_of(*catalog, txn, *events, *parts);
}

} // namespace

awaitable<Response> get_payment_methods(Request request, Services& services)
{
    auto entered = co_await enter(std::move(request), Entry::read, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    const auto catalog = services.catalog.current();
    const domain::Location* location = catalog->location(customer.visit.location);
    if (!location) co_return customer.refuse(ProblemCode::visit_unknown);

    Money credit;
    workflows::Wallet wallet;
    if (customer.account) {
        const auto balance = co_await services.store.credit_of(customer.account->id);
        auto kept = co_await services.wallet.view(*customer.account);
        if (!balance || !kept)
            co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
        credit = *balance;
        wallet = std::move(*kept);
    }
    const Offered offered{*catalog, *location, customer, wallet, services.clock.utc_now()};
    co_return json_response(
        200, {
                 {"methods", payment_methods_json(offered)},
                 {"store_credit", credit.vnd()},
             });
}

awaitable<Response> get_purchase_qr_svg(Request request, Services& services)
{
    Response response =
        co_await draw(std::move(request), services, services.qr_svg, "image/svg+xml");
    co_return response;
}

awaitable<Response> get_purchase_qr_png(Request request, Services& services)
{
    Response response = co_await draw(std::move(request), services, services.qr_png, "image/png");
    co_return response;
}

awaitable<Response> post_purchase_cancel(Request request, Services& services)
{
    std::string id{request.param("id")};
    auto entered = co_await enter(std::move(request), Entry::change, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    const auto view = co_await purchase_of(customer, std::move(id), services);
    if (!view) co_return view.error();
    const auto is_allowed = co_await may_cancel(customer, view->transaction, services);
    if (!is_allowed) co_return customer.refuse(is_allowed.error());

    const domain::TransactionId transaction = view->transaction.id;
    const auto cancelled = co_await services.purchases.cancel(transaction);
    if (!cancelled) co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    const auto now_shown = co_await services.purchases.view(transaction);
    if (!now_shown || !*now_shown)
        co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    co_return json_response(200, purchase_json(**now_shown, viewer_of(customer, services)));
}

awaitable<Response> post_keep_as_credit(Request request, Services& services)
{
    std::string id{request.param("id")};
    auto entered = co_await enter(std::move(request), Entry::change_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    const auto view = co_await purchase_of(customer, std::move(id), services);
    if (!view) co_return view.error();
    if (view->transaction.account != customer.account->id)
        co_return customer.refuse(ProblemCode::not_found);

    const domain::TransactionId transaction = view->transaction.id;
    const auto kept = co_await services.purchases.keep_as_credit(transaction);
    if (!kept) co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    const auto now_shown = co_await services.purchases.view(transaction);
    if (!now_shown || !*now_shown)
        co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    co_return json_response(200, purchase_json(**now_shown, viewer_of(customer, services)));
}

awaitable<Response> get_receipt(Request request, Services& services)
{
    std::string id{request.param("id")};
    auto entered = co_await enter(std::move(request), Entry::read_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    const auto receipt = co_await receipt_for(customer, std::move(id), services);
    if (!receipt) co_return receipt.error();
    co_return json_response(200, receipt_json(*receipt));
}

awaitable<Response> get_receipt_pdf(Request request, Services& services)
{
    std::string id{request.param("id")};
    auto entered = co_await enter(std::move(request), Entry::read_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    const auto receipt = co_await receipt_for(customer, std::move(id), services);
    if (!receipt) co_return receipt.error();
    if (!services.print_sheet) co_return customer.refuse(ProblemCode::not_found);
    std::string file =
        services.print_sheet(receipt_sheet(*receipt, customer.language, services.clock));
    Response response = Response::content(200, "application/pdf", std::move(file));
    response.headers.set("Content-Disposition", "inline; filename=\"" + receipt->number + ".pdf\"");
    // A refund that follows stands on it, too.
    response.headers.set("Cache-Control", "private, no-store");
    response.headers.set("Vary", "Accept-Language");
    co_return response;
}

/// The browser comes back from a gateway, perhaps as another one than went. What the gateway wrote
/// into the address proves nothing; it is asked.
awaitable<Response> get_return(Request request, Services& services)
{
    const auto visit = services.tokens.visit_of(request.param("token"));
    const auto id = Ulid::parse(request.param("purchase_id"));
    if (!visit || !id) co_return Response::redirect("/");
    const std::string token = services.tokens.visit_token(*visit);
    // From agreeing to keep a way to pay, or from paying.
    const bool is_binding = co_await services.wallet.look_now(domain::SavedMethodId{*id});
    if (!is_binding) co_await services.purchases.look_now(domain::TransactionId{*id});
    const std::string page = is_binding ? "/wallet" : "/purchase/" + to_string(*id);
    Response response = Response::redirect(page + "?v=" + token);
    response.headers.set("Cache-Control", "no-store");
    co_return response;
}

} // namespace iwas::api::portal

// What a customer bought, as tests and benchmarks put it into a store: terms, transaction, session
// and accounting records. The same number gives the same ids.
#pragma once

#include "domain/accounting.hpp"
#include "domain/session.hpp"
#include "domain/transaction.hpp"

namespace iwas::testing_support {

/// Where the tests' time begins.
inline constexpr UtcTime noon = from_unix_ms(1'790'000'000'000);

/// Ids that tell things apart.
template <class AnyId>
AnyId id_of(std::uint64_t number)
{
    return AnyId{Ulid::make(noon, 7, number)};
}

inline MacAddress mac_of(std::uint32_t number)
{
    return MacAddress{
        {0xBC, 0x24, 0x11, static_cast<std::uint8_t>(number >> 16),
         static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)}};
}

/// One hour at the speed of the tier "standard" for one device.
inline domain::Terms plain_hour()
{
    domain::Terms terms;
    terms.package = domain::PackageId::trusted("hour");
    terms.name = "1 hour";
    terms.duration = 1h;
    terms.price = Money{5'000};
    terms.rate = *domain::rate_of_tier("standard");
    return terms;
}

struct Sale {
    std::uint64_t number = 1;
    std::uint64_t account = 1;
    domain::Terms terms = plain_hour();
    domain::LocationId location = domain::LocationId::trusted("q7");
    domain::RouterId router = domain::RouterId::trusted("q7-mt");
    MacAddress mac = mac_of(1);
    std::optional<Ipv4Address> ip;
    UtcTime at = noon;
};

inline domain::Transaction pending_transaction(const Sale& sale)
{
    domain::Transaction transaction;
    transaction.id = id_of<domain::TransactionId>(sale.number);
    transaction.organization = domain::OrganizationId::trusted("arena");
    transaction.location = sale.location;
    transaction.account = id_of<domain::AccountId>(sale.account);
    transaction.terms = sale.terms;
    transaction.amount = sale.terms.price;
    transaction.state = domain::TransactionState::pending;
    transaction.session = id_of<domain::SessionId>(sale.number);
    transaction.mac = sale.mac;
    transaction.ip = sale.ip;
    transaction.router = sale.router;
    transaction.created_at = sale.at;
    transaction.updated_at = sale.at;
    return transaction;
}

/// A pending session that `transaction` pays for, with its device.
inline domain::Session session_of(const domain::Transaction& transaction)
{
    domain::Session session;
    session.id = transaction.session;
    session.transaction = transaction.id;
    session.account = transaction.account;
    session.organization = transaction.organization;
    session.location = transaction.location;
    session.terms = transaction.terms;
    session.user_name = "w-" + to_string(transaction.session);
    session.password = SecretText{"s3cret-of-" + to_string(transaction.session)};
    session.created_at = transaction.created_at;
    session.remaining = session.terms.duration;
    domain::SessionDevice device;
    device.mac = transaction.mac;
    device.ip = transaction.ip;
    device.router = transaction.router;
    device.added_at = transaction.created_at;
    session.devices.push_back(std::move(device));
    return session;
}

/// What the router of the session's first device reports `session_time` after the sale. A quarter
/// of `octets` goes up.
inline domain::AccountingRecord accounting_of(
    const domain::Session& session, domain::AccountingStatus status, std::string acct_session_id,
    Seconds session_time, std::uint64_t octets)
{
    domain::AccountingRecord record;
    record.router = session.devices.front().router;
    record.location = session.location;
    record.status = status;
    record.acct_session_id = std::move(acct_session_id);
    record.session = session.id;
    record.user_name = session.user_name;
    record.mac = session.devices.front().mac;
    record.ip = session.devices.front().ip;
    record.event_at = session.created_at + session_time;
    record.received_at = record.event_at;
    record.session_time = session_time;
    record.up_octets = octets / 4;
    record.down_octets = octets - octets / 4;
    return record;
}

} // namespace iwas::testing_support

#include "adapters/radius/server.hpp"

#include "adapters/radius/udp_socket.hpp"
#include "core/assert.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <poll.h>
#include <queue>
#include <sys/eventfd.h>
#include <unistd.h>

namespace iwas::adapters {

namespace {

constexpr int threads_max = 16;

/// Wakes a thread that waits in poll.
class Wakener {
public:
    Wakener() : descriptor_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)}
    {
        IWAS_ASSERT(descriptor_ >= 0);
    }
    ~Wakener() { ::close(descriptor_); }
    Wakener(const Wakener&) = delete;
    Wakener& operator=(const Wakener&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }
    void wake() const
    {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);
    }
    void clear() const
    {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto read = ::read(descriptor_, &count, sizeof count);
    }

private:
    int descriptor_;
};

} // namespace

/// One thread with one socket: receives a batch, lets the derived class answer, sends, waits.
class RadiusServer::Worker {
public:
    Worker(Ipv4Address address, std::uint16_t port, bool shares_port, ClientRegistry& registry)
        : socket_{address, port, shares_port}, registry_{registry}
    {
    }
    virtual ~Worker() = default;

    [[nodiscard]] std::uint16_t port() const { return socket_.port(); }
    void start()
    {
        thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
    }
    void stop()
    {
        thread_.request_stop();
        wakener_->wake();
        if (thread_.joinable()) thread_.join();
    }

protected:
    virtual void on_datagram(const Datagram& datagram, const ClientTable& table, Moment now) = 0;
    /// Sends what is due without a datagram; returns when it has to be called at the latest.
    virtual std::optional<SteadyTime> on_turn(SteadyTime now) = 0;

    BatchSocket socket_;
    /// Shared with whoever wakes this thread, so that it may outlive it.
    std::shared_ptr<Wakener> wakener_ = std::make_shared<Wakener>();

private:
    void run(const std::stop_token& stop)
    {
        while (!stop.stop_requested()) {
            const auto datagrams = socket_.receive();
            const Moment now = moment_now();
            if (!datagrams.empty()) {
                const auto table = registry_.table();
                for (const Datagram& datagram : datagrams)
                    on_datagram(datagram, *table, now);
            }
            const auto due = on_turn(now.steady);
            socket_.flush();
            if (datagrams.size() < BatchSocket::batch_max) wait(due);
        }
    }

    void wait(std::optional<SteadyTime> due) const
    {
        int timeout_ms = -1;
        if (due) {
            const auto left = std::chrono::ceil<Milliseconds>(*due - SteadyTime::clock::now());
            timeout_ms = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1000));
        }
        std::array<pollfd, 2> waited{
            {{socket_.descriptor(), POLLIN, 0}, {wakener_->descriptor(), POLLIN, 0}}};
        ::poll(waited.data(), waited.size(), timeout_ms);
        if (waited[1].revents != 0) wakener_->clear();
    }

    ClientRegistry& registry_;
    std::jthread thread_;
};

class RadiusServer::AccessWorker final : public Worker {
public:
    AccessWorker(
        Ipv4Address address, std::uint16_t port, bool shares_port, ClientRegistry& registry,
        const Directory& directory, const RadiusLimits& limits)
        : Worker{address, port, shares_port, registry}, service_{registry, directory, limits}
    {
    }
    ~AccessWorker() override { stop(); }

private:
    void on_datagram(const Datagram& datagram, const ClientTable& table, Moment now) override
    {
        const auto outcome = service_.handle(
            datagram.octets, datagram.peer.remote, table, now, socket_.reply_buffer());
        if (!outcome.reply.empty()) socket_.send(datagram.peer, outcome.reply);
        // Beyond the bound a refusal is left out: the router repeats, or gives up.
        if (outcome.delay.count() > 0 && delayed_.size() < delayed_max)
            delayed_.push({now.steady + outcome.delay, datagram.peer, outcome.ticket});
    }

    std::optional<SteadyTime> on_turn(SteadyTime now) override
    {
        while (!delayed_.empty() && delayed_.top().due <= now) {
            const Delayed first = delayed_.top();
            delayed_.pop();
            const ByteView reply = service_.delayed_reply(first.ticket);
            if (!reply.empty()) socket_.send(first.peer, reply);
        }
        if (delayed_.empty()) return std::nullopt;
        return delayed_.top().due;
    }

    static constexpr std::size_t delayed_max = 8192;
    struct Delayed {
        SteadyTime due;
        UdpPeer peer;
        ReplyCache::Ticket ticket;
        friend bool operator<(const Delayed& a, const Delayed& b) { return a.due > b.due; }
    };

    AccessService service_;
    std::priority_queue<Delayed> delayed_;
};

class RadiusServer::AccountingWorker final : public Worker {
public:
    AccountingWorker(
        Ipv4Address address, std::uint16_t port, bool shares_port, ClientRegistry& registry,
        ports::AccountingJournal& journal, const RadiusLimits& limits)
        : Worker{address, port, shares_port, registry}, service_{registry, limits},
          journal_{journal}
    {
    }
    ~AccountingWorker() override { stop(); }

private:
    struct Completed {
        UdpPeer peer;
        ReplyCache::Ticket ticket;
        std::shared_ptr<PreparedClient::State> client;
        ports::Journaled result = ports::Journaled::rejected;
    };
    /// Where the journal's threads leave their results. It outlives the worker if it must.
    struct Mailbox {
        std::mutex mutex;
        std::vector<Completed> completed;
    };

    void on_datagram(const Datagram& datagram, const ClientTable& table, Moment now) override
    {
        auto outcome = service_.handle(
            datagram.octets, datagram.peer.remote, table, now, socket_.reply_buffer());
        if (!outcome.reply.empty()) socket_.send(datagram.peer, outcome.reply);
        if (!outcome.record) return;
        auto done = [mailbox = mailbox_, wakener = wakener_, peer = datagram.peer,
                     ticket = outcome.ticket,
                     client = std::move(outcome.client)](ports::Journaled result) {
            const std::lock_guard lock{mailbox->mutex};
            const bool was_empty = mailbox->completed.empty();
            mailbox->completed.push_back({peer, ticket, client, result});
            // The thread takes all at once: only the first of a group commit has to wake it.
            if (was_empty) wakener->wake();
        };
        journal_.submit(std::move(*outcome.record), std::move(done));
    }

    std::optional<SteadyTime> on_turn(SteadyTime) override
    {
        {
            const std::lock_guard lock{mailbox_->mutex};
            taken_.swap(mailbox_->completed);
        }
        for (const Completed& each : taken_) {
            const ByteView reply = service_.completed(each.ticket, *each.client, each.result);
            if (!reply.empty()) socket_.send(each.peer, reply);
        }
        taken_.clear();
        return std::nullopt;
    }

    AccountingService service_;
    ports::AccountingJournal& journal_;
    std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
    std::vector<Completed> taken_;
};

RadiusServer::RadiusServer(
    const RadiusServerSettings& settings, ClientRegistry& registry, const Directory& directory,
    ports::AccountingJournal& journal)
    : authentication_port_{settings.authentication_port}, accounting_port_{settings.accounting_port}
{
    const int access_threads = std::clamp(settings.authentication_threads, 1, threads_max);
    for (int i = 0; i < access_threads; ++i) {
        workers_.push_back(std::make_unique<AccessWorker>(
            settings.address, authentication_port_, access_threads > 1, registry, directory,
            settings.limits));
        authentication_port_ = workers_.back()->port();
    }
    const int accounting_threads = std::clamp(settings.accounting_threads, 1, threads_max);
    for (int i = 0; i < accounting_threads; ++i) {
        workers_.push_back(std::make_unique<AccountingWorker>(
            settings.address, accounting_port_, accounting_threads > 1, registry, journal,
            settings.limits));
        accounting_port_ = workers_.back()->port();
    }
    for (const auto& worker : workers_)
        worker->start();
}

RadiusServer::~RadiusServer()
{
    stop();
}

void RadiusServer::stop()
{
    for (const auto& worker : workers_)
        worker->stop();
}

} // namespace iwas::adapters

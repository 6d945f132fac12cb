// For tests: an I/O thread, a server on a free loopback port, and a blocking peer without manners.
#pragma once

#include "adapters/http/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>

#include <future>
#include <string>
#include <thread>
#include <utility>

namespace iwas::http::testing {

/// One I/O thread, as in the program.
class IoThread {
public:
    IoThread() : guard_{boost::asio::make_work_guard(io_)}, thread_{[this] { io_.run(); }} {}
    ~IoThread()
    {
        guard_.reset();
        thread_.join();
    }
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;

    boost::asio::io_context& io() { return io_; }

    /// Runs a plain function on the thread and waits for it.
    template <class Function>
    auto on(Function function)
    {
        std::packaged_task<decltype(function())()> task{std::move(function)};
        auto result = task.get_future();
        boost::asio::post(io_, [&task] { task(); });
        return result.get();
    }
    /// Runs a coroutine on the thread and waits for its result.
    template <class T>
    T await(boost::asio::awaitable<T> task)
    {
        return boost::asio::co_spawn(io_, std::move(task), boost::asio::use_future).get();
    }

private:
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
    std::thread thread_;
};

class LoopbackServer {
public:
    LoopbackServer(IoThread& thread, ServerOptions options, Router router)
        : thread_{thread}, server_{thread.on([&] {
              auto server = std::make_unique<Server>(
                  thread.io().get_executor(), std::move(options), std::move(router));
              server->start();
              return server;
          })}
    {
    }
    ~LoopbackServer() { stop(Milliseconds{2000}); }
    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    void stop(Milliseconds patience)
    {
        thread_.await(server_->stop(std::chrono::steady_clock::now() + patience));
    }
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    std::size_t connections()
    {
        return thread_.on([this] { return server_->connections(); });
    }

private:
    IoThread& thread_;
    std::unique_ptr<Server> server_;
};

/// A blocking client that sends any octets.
class RawPeer {
public:
    explicit RawPeer(std::uint16_t port) : socket_{io_}
    {
        socket_.connect({boost::asio::ip::make_address("127.0.0.1"), port});
    }
    void send(const std::string& text) { boost::asio::write(socket_, boost::asio::buffer(text)); }
    /// Reads until the text holds `end`, or the peer closes.
    std::string read_until(const std::string& end)
    {
        boost::system::error_code error;
        while (received_.find(end) == std::string::npos && !error) {
            char octets[4096];
            const std::size_t count = socket_.read_some(boost::asio::buffer(octets), error);
            received_.append(octets, count);
        }
        const std::size_t at = received_.find(end);
        const std::size_t length = at == std::string::npos ? received_.size() : at + end.size();
        std::string text = received_.substr(0, length);
        received_.erase(0, length);
        return text;
    }
    /// Everything until the peer closes.
    std::string read_all()
    {
        boost::system::error_code error;
        boost::asio::read(socket_, boost::asio::dynamic_buffer(received_), error);
        return std::exchange(received_, {});
    }
    /// No more will be sent; the answer can still be read.
    void end_sending() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }
    void close() { socket_.close(); }

private:
    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_;
    std::string received_;
};

/// One request on a connection of its own; everything the server answered.
inline std::string ask(std::uint16_t port, const std::string& text)
{
    RawPeer peer{port};
    peer.send(text);
    return peer.read_all();
}

} // namespace iwas::http::testing

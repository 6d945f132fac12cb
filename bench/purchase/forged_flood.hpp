// ForgedFlood: somebody without the key who sends notices of paid orders, as fast as told.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace iwas::bench {

/// Sends from a thread of its own over a few kept connections, while it is `active`.
class ForgedFlood {
public:
    /// To http://127.0.0.1:`port``path`. `per_second`: 1 to 100,000; 0 sends nothing.
    ForgedFlood(std::uint16_t port, std::string path, int per_second);
    ~ForgedFlood();
    ForgedFlood(const ForgedFlood&) = delete;
    ForgedFlood& operator=(const ForgedFlood&) = delete;

    void set_active(bool is_active) { is_active_ = is_active; }
    /// Notices that were answered, with whatever.
    [[nodiscard]] std::int64_t answered() const { return answered_; }

private:
    void send_all(const std::string& request, int per_second, std::uint16_t port);

    std::atomic<bool> is_active_ = false;
    std::atomic<bool> is_over_ = false;
    std::atomic<std::int64_t> answered_ = 0;
    std::thread thread_;
};

} // namespace iwas::bench

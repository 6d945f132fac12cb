// What the benchmarks ask of the served program and of the machine.
#pragma once

#include "core/time.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <sys/types.h>
#include <vector>

namespace iwas::bench {

/// What a process has of memory, in MiB (proc(5), status).
struct Memory {
    double resident = 0;
    double resident_most = 0; // since the start
    double anonymous = 0;     // of `resident`, without files
};
Memory memory_of(pid_t process);
/// Processor time that a process has used.
std::chrono::milliseconds processor_time_of(pid_t process);

/// Waits until /readyz says 200; nothing when it does not within `limit`.
std::optional<std::chrono::milliseconds> wait_until_ready(
    std::uint16_t http_port, SteadyTime began, std::chrono::seconds limit);

/// What one durable write of a page costs in `folder`, in milliseconds.
class DiskProbe {
public:
    explicit DiskProbe(const std::filesystem::path& folder);
    ~DiskProbe();
    DiskProbe(const DiskProbe&) = delete;
    DiskProbe& operator=(const DiskProbe&) = delete;

    double flush_ms();
    /// `count` flushes, sorted.
    std::vector<double> flushes_ms(int count);

private:
    int file_;
};

/// `values` must be sorted; 0 when there are none.
double quantile(const std::vector<double>& values, double share);

} // namespace iwas::bench

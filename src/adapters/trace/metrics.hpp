// Metrics: what the program counts and times, in Prometheus' text format.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::adapters {

/// One value of a metric that somebody else keeps, read when the metrics are asked for.
struct Sample {
    std::map<std::string, std::string> labels;
    double value = 0;
};
using ReadSamples = std::function<std::vector<Sample>()>;

/// Thread-safe but for `add_*`, which belong to the start.
class Metrics {
public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    /// iwas_workflow_duration_seconds{workflow}; target and maximum are bucket edges.
    void workflow_took(std::string_view workflow, std::chrono::microseconds took);
    /// iwas_http_request_duration_seconds{method,route,status}; `route` is a pattern.
    void request_took(
        std::string_view method, std::string_view route, int status, std::chrono::nanoseconds took);

    /// Both are read on the thread that calls text().
    void add_counter(std::string name, std::string help, ReadSamples read);
    void add_gauge(std::string name, std::string help, ReadSamples read);

    [[nodiscard]] std::string text() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace iwas::adapters

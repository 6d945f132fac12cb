#include "adapters/trace/metrics.hpp"

#include "adapters/trace/limits.hpp"

#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>

namespace iwas::adapters {

namespace {

using prometheus::MetricType;

/// Edges in seconds, with the workflow's target and maximum among them.
prometheus::Histogram::BucketBoundaries edges_of(std::string_view workflow)
{
    prometheus::Histogram::BucketBoundaries edges{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                  0.2,   0.5,    1.0,   2.0,  5.0,   10.0, 30.0};
    if (const auto limits = limits_of(workflow)) {
        for (const Milliseconds limit : {limits->target, limits->never_more_than})
            edges.push_back(std::chrono::duration<double>{limit}.count());
    }
    std::ranges::sort(edges);
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    return edges;
}

struct Source {
    std::string name;
    std::string help;
    MetricType type = MetricType::Gauge;
    ReadSamples read;
};

prometheus::ClientMetric metric_of(const Sample& sample, MetricType type)
{
    prometheus::ClientMetric metric;
    for (const auto& [name, value] : sample.labels)
        metric.label.push_back({name, value});
    if (type == MetricType::Counter)
        metric.counter.value = sample.value;
    else
        metric.gauge.value = sample.value;
    return metric;
}

} // namespace

struct Metrics::Impl {
    prometheus::Registry registry;
    prometheus::Family<prometheus::Histogram>* workflows = nullptr;
    prometheus::Family<prometheus::Histogram>* requests = nullptr;
    std::vector<Source> sources;
};

Metrics::Metrics() : impl_{std::make_unique<Impl>()}
{
    impl_->workflows = &prometheus::BuildHistogram()
                            .Name("iwas_workflow_duration_seconds")
                            .Help("How long the runs of each workflow took")
                            .Register(impl_->registry);
    impl_->requests = &prometheus::BuildHistogram()
                           .Name("iwas_http_request_duration_seconds")
                           .Help("How long requests took to answer")
                           .Register(impl_->registry);
    // Each histogram is there from the start: a rate over an absent one is no rate.
    for (const WorkflowLimits& each : workflow_limits)
        impl_->workflows->Add({{"workflow", std::string{each.workflow}}}, edges_of(each.workflow));
}

Metrics::~Metrics() = default;

void Metrics::workflow_took(std::string_view workflow, std::chrono::microseconds took)
{
    impl_->workflows->Add({{"workflow", std::string{workflow}}}, edges_of(workflow))
        .Observe(std::chrono::duration<double>{took}.count());
}

void Metrics::request_took(
    std::string_view method, std::string_view route, int status, std::chrono::nanoseconds took)
{
    impl_->requests
        ->Add(
            {{"method", std::string{method}},
             {"route", std::string{route}},
             {"status", std::to_string(status)}},
            edges_of({}))
        .Observe(std::chrono::duration<double>{took}.count());
}

void Metrics::add_counter(std::string name, std::string help, ReadSamples read)
{
    impl_->sources.push_back(
        {std::move(name), std::move(help), MetricType::Counter, std::move(read)});
}

void Metrics::add_gauge(std::string name, std::string help, ReadSamples read)
{
    impl_->sources.push_back(
        {std::move(name), std::move(help), MetricType::Gauge, std::move(read)});
}

std::string Metrics::text() const
{
    std::vector<prometheus::MetricFamily> families = impl_->registry.Collect();
    for (const Source& source : impl_->sources) {
        prometheus::MetricFamily family{source.name, source.help, source.type, {}};
        for (const Sample& sample : source.read())
            family.metric.push_back(metric_of(sample, source.type));
        families.push_back(std::move(family));
    }
    return prometheus::TextSerializer{}.Serialize(families);
}

} // namespace iwas::adapters

#include "adapters/trace/trace_format.hpp"

#include "adapters/trace/limits.hpp"
#include "adapters/trace/trace_drawing.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace iwas::adapters {

namespace json = boost::json;
using ports::TraceKind;
using ports::TraceStep;

namespace {

std::string_view to_text(TraceKind kind)
{
    switch (kind) {
    case TraceKind::request: return "request";
    case TraceKind::response: return "response";
    case TraceKind::failure: return "failure";
    case TraceKind::async: return "async";
    case TraceKind::condition: return "condition";
    case TraceKind::note: return "note";
    }
    return {};
}

/// Mermaid reads ; and # as its own and a line break as the end of the message.
std::string mermaid_text(std::string_view text)
{
    std::string clean;
    for (const char c : text) {
        if (c == ';')
            clean += "#59;";
        else if (c == '#')
            clean += "#35;";
        else
            clean += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return clean;
}

std::string_view mermaid_arrow(TraceKind kind)
{
    switch (kind) {
    case TraceKind::request: return "->>";
    case TraceKind::response: return "-->>";
    case TraceKind::failure: return "-x";
    case TraceKind::async: return "-)";
    case TraceKind::condition:
    case TraceKind::note: return {};
    }
    return {};
}

std::string mermaid(const std::vector<TraceStep>& steps)
{
    const std::vector<std::string> parties = parties_of(steps);
    const auto name_of = [&](const std::string& party) {
        const auto at = std::ranges::find(parties, party) - parties.begin();
        return "p" + std::to_string(at);
    };
    std::string out = "sequenceDiagram\n";
    for (const std::string& party : parties)
        out += fmt::format("    participant {} as {}\n", name_of(party), mermaid_text(party));
    for (const TraceStep& step : steps) {
        const std::string_view arrow = mermaid_arrow(step.kind);
        std::string text = mermaid_text(step.text);
        if (arrow.empty()) {
            if (step.kind == TraceKind::condition) text = "[" + text + "]";
            out += fmt::format("    Note over {}: {}\n", name_of(step.from), text);
            continue;
        }
        if (const std::string timing = timing_of(step); !timing.empty())
            text += " (" + timing + ")";
        out += fmt::format("    {}{}{}: {}\n", name_of(step.from), arrow, name_of(step.to), text);
    }
    return out;
}

std::string as_json(const std::vector<TraceStep>& steps)
{
    json::array list;
    for (const TraceStep& step : steps) {
        json::object each{
            {"at", to_rfc3339(step.at)},
            {"offset_ms", offset_of(step, steps).count()},
            {"kind", to_text(step.kind)},
            {"from", step.from},
            {"to", step.to},
            {"text", step.text},
        };
        if (step.took) each["took_us"] = step.took->count();
        if (step.target) {
            each["target_ms"] = step.target->count();
            if (const auto maximum = never_more_than(*step.target))
                each["never_more_than_ms"] = maximum->count();
        }
        list.push_back(std::move(each));
    }
    json::object body{{"steps", std::move(list)}};
    if (!steps.empty()) body["trace"] = to_string(steps.front().trace);
    return json::serialize(body) + "\n";
}

} // namespace

std::optional<TraceFormat> trace_format_from(std::string_view text)
{
    if (text == "text") return TraceFormat::text;
    if (text == "mermaid") return TraceFormat::mermaid;
    if (text == "svg") return TraceFormat::svg;
    if (text == "json") return TraceFormat::json;
    return std::nullopt;
}

std::string format_trace(const std::vector<TraceStep>& steps, TraceFormat format)
{
    switch (format) {
    case TraceFormat::text: return draw_text(steps);
    case TraceFormat::mermaid: return mermaid(steps);
    case TraceFormat::svg: return draw_svg(steps);
    case TraceFormat::json: return as_json(steps);
    }
    return {};
}

} // namespace iwas::adapters

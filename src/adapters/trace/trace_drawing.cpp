#include "adapters/trace/trace_drawing.hpp"

#include "adapters/trace/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace iwas::adapters {

using ports::TraceKind;
using ports::TraceStep;

namespace {

constexpr std::array<std::string_view, 5> usual_parties{
    "Phone", "IWAS", "Store", "PC system", "Router"};

std::size_t lane_of(const std::vector<std::string>& parties, const std::string& party)
{
    return static_cast<std::size_t>(std::ranges::find(parties, party) - parties.begin());
}

std::string duration_text(std::chrono::microseconds took)
{
    const auto us = took.count();
    if (us < 10'000) return fmt::format("{}.{} ms", us / 1000, us % 1000 / 100);
    return fmt::format("{} ms", us / 1000);
}

// -- characters ---------------------------------------------------------------------------------

constexpr std::size_t lane_width = 13;
constexpr std::size_t first_lane = 6;

/// A line of cells, one glyph each, so that arrows of several octets count as one.
class Line {
public:
    explicit Line(std::size_t lanes) : cells_(first_lane + (lanes - 1) * lane_width + 1, " ")
    {
        for (std::size_t lane = 0; lane < lanes; ++lane)
            cells_[column(lane)] = "│";
    }
    static std::size_t column(std::size_t lane) { return first_lane + lane * lane_width; }

    /// Between two lanes, pointing from `from` to `to`.
    void arrow(std::size_t from, std::size_t to, std::string_view shaft, std::string_view middle)
    {
        const std::size_t left = column(std::min(from, to)) + 1;
        const std::size_t right = column(std::max(from, to)) - 1;
        for (std::size_t at = left; at <= right; ++at)
            cells_[at] = shaft;
        if (!middle.empty()) cells_[(left + right) / 2] = middle;
        cells_[from < to ? right : left] = from < to ? ">" : "<";
    }
    void text_at(std::size_t at, std::string_view text)
    {
        for (const char c : text)
            if (at < cells_.size()) cells_[at++] = std::string{c};
    }
    [[nodiscard]] std::string str() const
    {
        std::string out;
        for (const std::string& cell : cells_)
            out += cell;
        return out;
    }

private:
    std::vector<std::string> cells_;
};

void draw_arrow(Line& line, const TraceStep& step, std::size_t from, std::size_t to)
{
    switch (step.kind) {
    case TraceKind::request:
    case TraceKind::response: line.arrow(from, to, "─", ""); return;
    case TraceKind::failure: line.arrow(from, to, "─", "X"); return;
    case TraceKind::async: line.arrow(from, to, ".", ""); return;
    case TraceKind::condition:
    case TraceKind::note: return;
    }
}

std::string text_line(
    const TraceStep& step, const std::vector<TraceStep>& steps,
    const std::vector<std::string>& parties)
{
    const std::size_t from = lane_of(parties, step.from);
    const std::size_t to = lane_of(parties, step.to);
    Line line{parties.size()};
    std::string label = step.text;
    if (from == to) {
        if (step.kind == TraceKind::condition) label = "[" + label + "]";
    } else {
        draw_arrow(line, step, from, to);
    }
    std::string out =
        fmt::format("{:>8} ms {}  {}", offset_of(step, steps).count(), line.str(), label);
    if (const std::string timing = timing_of(step); !timing.empty()) out += "  (" + timing + ")";
    return out + "\n";
}

// -- SVG ----------------------------------------------------------------------------------------

constexpr int svg_lane = 190;
constexpr int svg_row = 34;
constexpr int svg_left = 90;
constexpr int svg_top = 60;

std::string xml_text(std::string_view text)
{
    std::string clean;
    for (const char c : text) {
        if (c == '<')
            clean += "&lt;";
        else if (c == '>')
            clean += "&gt;";
        else if (c == '&')
            clean += "&amp;";
        else if (c == '"')
            clean += "&quot;";
        else
            clean += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return clean;
}

int svg_x(std::size_t lane)
{
    return svg_left + static_cast<int>(lane) * svg_lane;
}

std::string svg_step(
    const TraceStep& step, const std::vector<TraceStep>& steps,
    const std::vector<std::string>& parties, int y)
{
    const std::size_t from = lane_of(parties, step.from);
    const std::size_t to = lane_of(parties, step.to);
    std::string label = xml_text(step.text);
    if (const std::string timing = timing_of(step); !timing.empty())
        label += fmt::format(" ({})", timing);
    std::string out = fmt::format(
        "<text class=\"t\" x=\"4\" y=\"{}\">{} ms</text>\n", y + 4, offset_of(step, steps).count());
    if (from == to)
        return out + fmt::format(
                         "<text class=\"c\" x=\"{}\" y=\"{}\">[{}]</text>\n", svg_x(from) + 8,
                         y + 4, label);
    const bool is_failure = step.kind == TraceKind::failure;
    const bool is_dashed = step.kind == TraceKind::async || step.kind == TraceKind::response;
    const int x1 = svg_x(from);
    const int x2 = svg_x(to);
    out += fmt::format(
        "<line class=\"{}\"{} x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" "
        "marker-end=\"url(#a)\"/>\n",
        is_failure ? "f" : "m", is_dashed ? " stroke-dasharray=\"5 4\"" : "", x1, y, x2, y);
    if (is_failure)
        out += fmt::format("<text class=\"x\" x=\"{}\" y=\"{}\">X</text>\n", (x1 + x2) / 2, y + 5);
    return out +
           fmt::format("<text x=\"{}\" y=\"{}\">{}</text>\n", std::min(x1, x2) + 8, y - 5, label);
}

} // namespace

std::vector<std::string> parties_of(const std::vector<TraceStep>& steps)
{
    std::vector<std::string> seen;
    const auto see = [&](const std::string& party) {
        if (std::ranges::find(seen, party) == seen.end()) seen.push_back(party);
    };
    for (const TraceStep& step : steps) {
        see(step.from);
        see(step.to);
    }
    std::vector<std::string> ordered;
    for (const std::string_view party : usual_parties)
        if (std::ranges::find(seen, party) != seen.end()) ordered.emplace_back(party);
    for (std::string& party : seen)
        if (std::ranges::find(ordered, party) == ordered.end()) ordered.push_back(std::move(party));
    return ordered;
}

Milliseconds offset_of(const TraceStep& step, const std::vector<TraceStep>& steps)
{
    return std::max(Milliseconds{0}, step.at - steps.front().at);
}

std::string timing_of(const TraceStep& step)
{
    if (!step.took) return {};
    std::string text = duration_text(*step.took);
    if (step.target) {
        text += fmt::format(", target {} ms", step.target->count());
        const auto maximum = never_more_than(*step.target);
        if (maximum) text += fmt::format(", never more than {} ms", maximum->count());
        if (maximum && *step.took > *maximum)
            text += ": over the maximum";
        else if (*step.took > *step.target)
            text += ": over the target";
    }
    return text;
}

std::string draw_text(const std::vector<TraceStep>& steps)
{
    if (steps.empty()) return "no steps\n";
    const std::vector<std::string> parties = parties_of(steps);
    std::string out =
        fmt::format("{}  {}\n\n", to_string(steps.front().trace), to_rfc3339(steps.front().at));
    std::string heads(12, ' ');
    for (std::size_t lane = 0; lane < parties.size(); ++lane)
        heads += fmt::format("{:^{}}", parties[lane].substr(0, lane_width - 1), lane_width);
    while (heads.ends_with(' '))
        heads.pop_back();
    out += heads + "\n";
    for (const TraceStep& step : steps)
        out += text_line(step, steps, parties);
    const Milliseconds total = offset_of(steps.back(), steps);
    return out + fmt::format("\n{} steps in {} ms\n", steps.size(), total.count());
}

std::string draw_svg(const std::vector<TraceStep>& steps)
{
    const std::vector<std::string> parties = parties_of(steps);
    const int width = svg_left + static_cast<int>(parties.size()) * svg_lane + 60;
    const int height = svg_top + static_cast<int>(steps.size() + 1) * svg_row;
    std::string out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
        "viewBox=\"0 0 {0} {1}\" font-family=\"sans-serif\" font-size=\"12\">\n"
        "<style>.m{{stroke:#234}}.f{{stroke:#b00}}.x{{fill:#b00;font-weight:bold}}"
        ".t{{fill:#667}}.c{{fill:#654;font-style:italic}}.l{{stroke:#bbb}}</style>\n"
        "<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" "
        "markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
        width, height);
    for (std::size_t lane = 0; lane < parties.size(); ++lane)
        out += fmt::format(
            "<line class=\"l\" x1=\"{0}\" y1=\"36\" x2=\"{0}\" y2=\"{1}\"/>\n"
            "<text x=\"{0}\" y=\"26\" text-anchor=\"middle\" font-weight=\"bold\">{2}</text>\n",
            svg_x(lane), height - 10, xml_text(parties[lane]));
    int y = svg_top;
    for (const TraceStep& step : steps) {
        out += svg_step(step, steps, parties, y);
        y += svg_row;
    }
    return out + "</svg>\n";
}

} // namespace iwas::adapters

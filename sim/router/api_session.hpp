// ApiSession: one client of the simulated router's RouterOS API, sentence by sentence, without
// sockets.
#pragma once

#include "protocol/routeros/query.hpp"
#include "protocol/routeros/reply.hpp"
#include "sim/router/router_model.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>

namespace iwas::sim {

struct ApiOptions {
    std::string user_name = "iwas";
    SecretText password{"router-secret"};
    /// Send `!empty` for a print without rows, as RouterOS 7.18 and later do.
    bool sends_empty = true;
    /// Know only the challenge login of RouterOS before 6.43.
    bool old_login = false;
};

class ApiSession : public std::enable_shared_from_this<ApiSession> {
public:
    /// `send` takes encoded reply sentences, in order.
    ApiSession(
        RouterModel& model, ApiOptions options, TaskGroup& tasks,
        std::function<void(std::string)> send);

    /// Takes the client's next sentence. Logins at the hotspot answer later, everything else at
    /// once.
    void take(const routeros::Sentence& sentence);

    /// A session has appeared or gone: tells the listeners of this client.
    void active_changed(const ActiveSession& session, bool is_gone);

    /// Whether the connection is to be closed: after `!fatal`.
    [[nodiscard]] bool is_over() const { return is_over_; }
    void end() { is_over_ = true; }

private:
    using Command = routeros::Command;
    using Reply = routeros::Reply;
    using Rows = std::vector<routeros::Attributes>;

    void log_in(const Command& command);
    void run(const Command& command);
    void print(const Command& command, const Rows& rows);
    void listen(const Command& command);
    void cancel(const Command& command);
    void cancel_tag(const std::string& tag);
    void remove(const Command& command);
    void start_hotspot_login(const Command& command);
    /// Changes the walled garden; false for another action.
    bool run_garden(const std::string& menu, const std::string& action, const Command& command);
    void resolve(const Command& command);
    void fetch(const Command& command);
    static awaitable<void> hotspot_login(
        std::shared_ptr<ApiSession> self, LoginAttempt attempt, std::string tag);
    [[nodiscard]] std::optional<Rows> rows_of(
        const std::string& menu, std::optional<MacAddress> only_device);

    void send(const Reply& reply);
    void done(const std::string& tag, routeros::Attributes attributes = {});
    void trap(const std::string& tag, std::string message, std::string category = {});
    void fatal(std::string text);

    RouterModel& model_;
    ApiOptions options_;
    TaskGroup& tasks_;
    std::function<void(std::string)> send_;
    Bytes challenge_;
    std::map<std::string, Command> listeners_; // by tag
    std::set<std::string> logins_;             // tags of hotspot logins that are running
    bool is_logged_in_ = false;
    bool is_over_ = false;
};

/// The rows as RouterOS prints them.
routeros::Attributes host_row(const Device& device, bool is_authorized, SteadyTime now);
routeros::Attributes active_row(
    const ActiveSession& session, const NasIdentity& nas, SteadyTime now);
routeros::Attributes cookie_row(const MacCookie& cookie);

} // namespace iwas::sim

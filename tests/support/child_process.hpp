// ChildProcess: a program that a test starts, reads, and ends by its own process id whatever
// happens.
#pragma once

#include "tests/support/temporary_folder.hpp"

#include <array>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace iwas::tests {

/// Standard input is a text given at the start; standard output and error are read together.
class ChildProcess {
public:
    explicit ChildProcess(const std::vector<std::string>& words, const std::string& input = "")
    {
        std::array<int, 2> in{};
        std::array<int, 2> out{};
        if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
            throw std::runtime_error{"pipe failed"};
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, in[0], 0);
        posix_spawn_file_actions_adddup2(&actions, out[1], 1);
        posix_spawn_file_actions_adddup2(&actions, out[1], 2);
        std::vector<char*> arguments;
        for (const std::string& word : words)
            arguments.push_back(const_cast<char*>(word.c_str()));
        arguments.push_back(nullptr);
        const int error =
            ::posix_spawnp(&id_, arguments[0], &actions, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        ::close(in[0]);
        ::close(out[1]);
        [[maybe_unused]] const auto written = ::write(in[1], input.data(), input.size());
        ::close(in[1]);
        output_descriptor_ = out[0];
        if (error != 0) {
            id_ = 0;
            throw std::runtime_error{"cannot start " + words[0]};
        }
    }
    ~ChildProcess()
    {
        stop();
        ::close(output_descriptor_);
    }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// Reads on until `text` has appeared; false when it has not within `limit` or the program
    /// ended without it.
    bool wait_for(const std::string& text, std::chrono::milliseconds limit)
    {
        const auto until = std::chrono::steady_clock::now() + limit;
        while (output_.find(text) == std::string::npos)
            if (!read_some(until)) return output_.find(text) != std::string::npos;
        return true;
    }
    /// Reads to the end and gives the exit status; -1 when it is still running after `limit`.
    int finish(std::chrono::milliseconds limit)
    {
        const auto until = std::chrono::steady_clock::now() + limit;
        while (read_some(until)) {
        }
        if (std::chrono::steady_clock::now() >= until) return -1;
        int status = 0;
        ::waitpid(id_, &status, 0);
        id_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    void stop()
    {
        if (id_ == 0) return;
        ::kill(id_, SIGTERM);
        for (int i = 0; i < 100 && id_ != 0; ++i) {
            if (::waitpid(id_, nullptr, WNOHANG) == id_)
                id_ = 0;
            else
                ::usleep(20'000);
        }
        if (id_ == 0) return;
        ::kill(id_, SIGKILL);
        ::waitpid(id_, nullptr, 0);
        id_ = 0;
    }

    [[nodiscard]] const std::string& output() const { return output_; }

private:
    bool read_some(std::chrono::steady_clock::time_point until)
    {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            until - std::chrono::steady_clock::now());
        pollfd waited{output_descriptor_, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&waited, 1, static_cast<int>(left.count())) <= 0)
            return false;
        std::array<char, 4096> buffer;
        const auto size = ::read(output_descriptor_, buffer.data(), buffer.size());
        if (size <= 0) return false;
        output_.append(buffer.data(), static_cast<std::size_t>(size));
        return true;
    }

    pid_t id_ = 0;
    int output_descriptor_ = -1;
    std::string output_;
};

} // namespace iwas::tests

// GroupTasks: ports::Tasks over a TaskGroup.
#pragma once

#include "asio/task_group.hpp"
#include "ports/tasks.hpp"

namespace iwas::app {

class GroupTasks final : public ports::Tasks {
public:
    explicit GroupTasks(TaskGroup& group) : group_{group} {}
    bool start(std::string name, ports::awaitable<void> task) override
    {
        return group_.spawn(std::move(name), std::move(task));
    }

private:
    TaskGroup& group_;
};

} // namespace iwas::app

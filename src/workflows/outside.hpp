// Outside: the ports that every workflow is built from.
#pragma once

#include "ports/access_control.hpp"
#include "ports/access_directory.hpp"
#include "ports/clock.hpp"
#include "ports/notifier.hpp"
#include "ports/payment_gateway.hpp"
#include "ports/pc_system.hpp"
#include "ports/random.hpp"
#include "ports/store/store.hpp"
#include "ports/tasks.hpp"
#include "ports/tracer.hpp"

namespace iwas::workflows {

using ports::awaitable;

/// References to what the application owns; all of it outlives every workflow.
struct Outside {
    ports::Store& store;
    const ports::CatalogView& catalog;
    ports::PcSystem& pc_system;
    ports::PaymentGateways& gateways;
    ports::AccessControl& access;
    ports::AccessDirectory& directory;
    ports::Clock& clock;
    ports::Random& random;
    ports::Tracer& tracer;
    ports::Notifier& notifier;
    ports::Tasks& tasks;
};

} // namespace iwas::workflows

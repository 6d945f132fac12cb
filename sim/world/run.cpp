#include "sim/world/run.hpp"

#include "sim/world/cafe.hpp"
#include "sim/world/staff.hpp"
#include "sim/world/world.hpp"

#include <algorithm>

namespace iwas::sim {

namespace {

DayEndPlan plan_of(SimRandom& random)
{
    DayEndPlan plan;
    if (random.chance(0.6)) plan.forged = static_cast<int>(random.between(1, 6));
    plan.has_trouble = random.chance(0.25);
    if (plan.has_trouble && random.chance(0.5))
        plan.dies_after = static_cast<std::uint64_t>(random.between(1, 300));
    plan.waits = plan.dies_after > 0 && random.chance(0.3);
    return plan;
}

StaffCounts counts_of(const Auditor& auditor)
{
    StaffCounts counts;
    for (const auto& [id, txn] : auditor.transactions()) {
        const std::string& name = txn.refund_id;
        if (txn.reason == domain::TransactionReason::staff_refund) ++counts.refunds;
        if (name.starts_with(domain::by_hand_refund_prefix)) ++counts.by_hand;
        if (name.starts_with(domain::attached_refund_prefix)) ++counts.attached;
        if (name.starts_with(domain::dismissed_refund_prefix)) ++counts.dismissed;
    }
    return counts;
}

std::size_t one_tap_purchases(const Auditor& auditor)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(auditor.transactions(), [](const auto& each) {
            return each.second.saved_method && !each.second.charge_id.empty();
        }));
}

} // namespace

RunReport run_seed(std::uint64_t seed, std::function<void(std::string)> listener)
{
    SimRandom fate{seed};
    const Faults faults = Faults::drawn(fate);
    const Seconds grace{fate.chance(0.5) ? fate.between(10, 120) : 0};
    const bool has_cookies = fate.chance(0.5);
    const bool is_legacy = fate.chance(0.25);
    const int customers = static_cast<int>(fate.between(1, 5));
    SimRandom accountant = fate.fork();
    World world{
        fate.bits(),
        faults,
        {.pc_logout_grace = grace,
         .pc_abilities = {.finds_charges = !is_legacy, .repeats_refunds = !is_legacy},
         .poll_every = Seconds{5},
         .reconciles_daily = accountant.chance(0.5),
         .mac_cookies = has_cookies,
         .listener = std::move(listener)}};
    // Wallets list nothing, and payOS neither; a bank's feed does.
    for (const domain::PaymentMethod method : gateway_methods)
        if (method != domain::PaymentMethod::vietqr)
            world.gateways().model.without_list.insert(gateway_account(method));
    world.add_customers(customers);
    if (accountant.chance(0.3))
        (void)world.tasks().spawn("accountant", reconcile_in_between(world, accountant.fork()));
    if (accountant.chance(0.3))
        for (const char* name : {"lan", "minh"})
            (void)world.tasks().spawn(
                std::string{"staff "} + name, work_as_staff(world, name, accountant.fork()));
    world.run_for(fate.between(Seconds{600}, Seconds{3'000}));
    world.stop_faults();
    // A router may still be starting, and every device is compared with its session once a minute.
    world.run_for(Seconds{400});
    DayEndReport days;
    if (world.run_until_quiet(std::chrono::hours{30})) {
        days = end_days(world, plan_of(accountant), accountant);
        world.check_settled();
    }
    return {
        .seed = seed,
        .broken = world.broken(),
        .steps = world.steps(),
        .crossings = world.crossings(),
        .transactions = world.auditor().transactions().size(),
        .sessions = world.auditor().sessions().size(),
        .lives = world.lives(),
        .payments = world.auditor().money().payments(),
        .money = world.auditor().money().sums(),
        .days = days,
        .staff = counts_of(world.auditor()),
        .one_tap = one_tap_purchases(world.auditor()),
    };
}

std::string replay_command(std::uint64_t seed)
{
    return "iwas-simulate --seed " + std::to_string(seed) + " --verbose";
}

} // namespace iwas::sim

// Cases for rows that are there and cannot be read.
#include "tests/store/suites.hpp"

namespace iwas::testing_support {

using namespace domain;

TEST_P(LedgerContract, ADamagedSessionKeepsNoOtherFromTheStart)
{
    for (std::uint64_t number = 1; number <= 5; ++number)
        sold(number, number, static_cast<unsigned>(number));
    for (const std::uint64_t number : {2U, 5U})
        look()->run(
            "update open_session set password_sealed = 'k1:AAAA' where id = :id",
            {id_of<SessionId>(number)});
    std::vector<SessionId> read;
    SessionId after;
    for (;;) {
        const auto page = wait(store().open_sessions_after(after, 2));
        ASSERT_TRUE(page);
        for (const Session& session : *page)
            read.push_back(session.id);
        if (page->size() < 2) break;
        after = read.back();
    }
    EXPECT_EQ(read, (std::vector{id_of<SessionId>(1), id_of<SessionId>(3), id_of<SessionId>(4)}));
    // Who asks for it is not told that there is none.
    EXPECT_FALSE(wait(store().load_session(id_of<SessionId>(2))));
}

} // namespace iwas::testing_support

// Sealed columns: every place in the database that holds secrets.
#pragma once

#include <array>
#include <string_view>

namespace iwas::adapters {

struct SealedColumn {
    std::string_view table;
    std::string_view id;
    std::string_view second_id; // where two columns make the key
    std::string_view column;
    std::string_view place;        // the place's first part; the row's id follows
    bool is_read_at_start = false; // all of it; other tables grow with time and are not
};

inline constexpr auto sealed_columns = std::to_array<SealedColumn>({
    {"router", "id", "", "radius_secret_sealed", "router.radius_secret_sealed", true},
    {"router", "id", "", "api_password_sealed", "router.api_password_sealed", true},
    {"router", "id", "", "uam_secret_sealed", "router.uam_secret_sealed", true},
    {"router", "id", "", "mac_password_sealed", "router.mac_password_sealed", true},
    {"pc_system", "location_id", "", "branch_key_sealed", "pc_system.branch_key_sealed", true},
    {"pc_system", "location_id", "", "webhook_secrets_sealed", "pc_system.webhook_secrets_sealed",
     true},
    {"payment_account", "id", "", "access_key_sealed", "payment_account.access_key_sealed", true},
    {"payment_account", "id", "", "secret_key_sealed", "payment_account.secret_key_sealed", true},
    {"payment_account", "id", "", "callback_key_sealed", "payment_account.callback_key_sealed",
     true},
    {"payment_account", "id", "", "feed_secrets_sealed", "payment_account.feed_secrets_sealed",
     true},
    {"saved_method", "id", "", "token_sealed", "saved_method.token_sealed"},
    {"open_session", "id", "", "password_sealed", "session.password", true},
    {"session_history", "id", "", "password_sealed", "session.password"},
    {"request_answer", "scope", "request_key", "body_sealed", "request_answer.body_sealed"},
});

} // namespace iwas::adapters

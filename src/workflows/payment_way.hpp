// PaymentWay: what a gateway has to know of the browser that pays or agrees.
#pragma once

#include <string>

namespace iwas::workflows {

struct PaymentWay {
    std::string return_url; // the id of the purchase or binding is appended
    std::string notify_url; // of the organization's payment account
    std::string payer_address;
    std::string language = "vi"; // vi or en
};

} // namespace iwas::workflows

// Asio and Beast are compiled once, here (BOOST_ASIO_SEPARATE_COMPILATION): every other file then
// sees declarations only.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>

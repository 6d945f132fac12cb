// A public key as MoMo gives one.
#pragma once

#include <string>

namespace iwas::adapters {

/// Made for this test; nobody has the private half.
inline const std::string rsa_base64 =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0EQHtQgx765bkJOXe4YO"
    "Q0aYVB5A22NZr6GcxXrLQrhLmyRe/N+xowI7mP8kjWmIfCp1y1jan407ZbRxTs25"
    "WeeC7U/2COvkDmhstQmTDVJwJppLPtUSzNHAP2goSn5MRUQWk9yyP4J4qbt2RBty"
    "gXmYbGpoSuDsnQq0Izv/tKNdgVARpAC3omxrn+iLvdqLHEqxHnU++NaNP9IwtBCb"
    "OoKdLvc0Gnv3g5cETyxAs/kMH6ZBhKposWKbuRMVg/Lvs+kdONhbmcB7bjETUy/H"
    "7esjmliMbMDvPKV/yfnzqtRGEx8+zALNyTRmSxIcekWB1hVM1FV+15GvXgeE3lfi"
    "yQIDAQAB";

} // namespace iwas::adapters

# The headers of others that most of our sources read, parsed once and not five hundred times. Only
# headers that we did not write belong here: ours change, and would rebuild everything. Sources still
# include what they use: configure with -DIWAS_PRECOMPILED=OFF to see that they do.
option(IWAS_PRECOMPILED "Parse the standard library, Asio, JSON and GoogleTest once" ON)

set(IWAS_HEADERS_STANDARD
    <algorithm> <array> <atomic> <charconv> <chrono> <concepts> <coroutine> <cstdint> <deque> <exception>
    <expected> <filesystem> <fstream> <functional> <initializer_list> <iterator> <limits> <map> <memory>
    <mutex> <optional> <random> <ranges> <set> <span> <sstream> <stdexcept> <string> <string_view>
    <thread> <tuple> <type_traits> <unordered_map> <utility> <variant> <vector>)
set(IWAS_HEADERS_ASIO
    <boost/asio/any_io_executor.hpp> <boost/asio/as_tuple.hpp> <boost/asio/awaitable.hpp>
    <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp>
    <boost/asio/ip/udp.hpp> <boost/asio/steady_timer.hpp> <boost/asio/use_awaitable.hpp>
    <boost/json/array.hpp> <boost/json/object.hpp> <boost/json/parse.hpp>
    <boost/json/serialize.hpp> <boost/json/value.hpp> <fmt/format.h>)
set(IWAS_HEADERS_TESTS <gtest/gtest.h> <gmock/gmock.h>)

define_property(TARGET PROPERTY IWAS_ASIO BRIEF_DOCS "Links Asio, so that it may read its headers")

# iwas_precompile(TARGET [TESTS] USES target ...): lets TARGET use them: Asio's where one of those
# that it links uses Asio, GoogleTest's with TESTS.
function(iwas_precompile target)
    cmake_parse_arguments(ARG "TESTS" "" "USES" ${ARGN})
    set(kind standard)
    foreach(used IN LISTS ARG_USES)
        if(TARGET ${used})
            get_target_property(asio ${used} IWAS_ASIO)
            if(asio OR used STREQUAL "iwas_asio")
                set(kind asio)
            endif()
        endif()
    endforeach()
    if(kind STREQUAL "asio" OR target STREQUAL "iwas_asio")
        set_target_properties(${target} PROPERTIES IWAS_ASIO ON)
        set(kind asio)
    endif()
    get_target_property(type ${target} TYPE)
    if(NOT IWAS_PRECOMPILED OR type STREQUAL "INTERFACE_LIBRARY")
        return()
    endif()
    if(ARG_TESTS)
        string(APPEND kind _tests)
    endif()
    target_precompile_headers(${target} REUSE_FROM iwas_precompiled_${kind})
endfunction()

if(IWAS_PRECOMPILED)
    set(empty ${PROJECT_BINARY_DIR}/precompiled.cpp)
    file(CONFIGURE OUTPUT ${empty} CONTENT "// Holds the precompiled headers.\n")
    foreach(kind standard standard_tests asio asio_tests)
        set(target iwas_precompiled_${kind})
        add_library(${target} OBJECT ${empty})
        target_link_libraries(${target} PRIVATE iwas_build_options)
        target_precompile_headers(${target} PRIVATE ${IWAS_HEADERS_STANDARD})
        if(kind MATCHES "asio")
            target_precompile_headers(${target} PRIVATE ${IWAS_HEADERS_ASIO})
            target_link_libraries(${target} PRIVATE Boost::headers Boost::json OpenSSL::SSL Threads::Threads fmt::fmt)
        endif()
        if(kind MATCHES "tests")
            target_precompile_headers(${target} PRIVATE ${IWAS_HEADERS_TESTS})
            target_link_libraries(${target} PRIVATE GTest::gtest GTest::gmock)
        endif()
    endforeach()
endif()

# The one target that sets warnings, sanitizers, the linker and the separate compilation of Asio.

find_program(CCACHE ccache)
if(CCACHE)
    # The sloppiness is what ccache asks for where headers are precompiled.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE}
        CACHE STRING "")
endif()

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
# Not optimized: with sanitizers, optimizing costs more than it saves in the tests.
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1 -fno-omit-frame-pointer")

add_library(iwas_build_options INTERFACE)
target_compile_options(iwas_build_options INTERFACE
    -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
    -Wold-style-cast -Wimplicit-fallthrough -Wswitch -Woverloaded-virtual
    -Wno-missing-designated-field-initializers  # members have defaults; naming some is the point
    -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
target_compile_definitions(iwas_build_options INTERFACE
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
    SPDLOG_FMT_EXTERNAL _FORTIFY_SOURCE=2)
target_compile_options(iwas_build_options INTERFACE -fstack-protector-strong)

find_program(MOLD mold)
if(MOLD)
    target_link_options(iwas_build_options INTERFACE -fuse-ld=mold)
endif()

if(IWAS_SANITIZE)
    target_compile_options(iwas_build_options INTERFACE
        -fsanitize=${IWAS_SANITIZE} -fno-sanitize-recover=all -U_FORTIFY_SOURCE)
    if(IWAS_SANITIZE MATCHES "undefined")
        # A check at every member access, for what AddressSanitizer stops as well (null) or what only
        # a cast of pointers could do, and ours only go to octets: a third of the compile time.
        target_compile_options(iwas_build_options INTERFACE -fno-sanitize=null,alignment,vptr)
    endif()
    target_link_options(iwas_build_options INTERFACE -fsanitize=${IWAS_SANITIZE})
endif()
# What -fsanitize=fuzzer-no-link stands for, but without an effect on precompiled headers. Only the
# layers that read what comes from outside have it: it costs a sixth of their compile time.
set(IWAS_COVERAGE "")
if(IWAS_FUZZ)
    set(IWAS_COVERAGE -fsanitize-coverage=inline-8bit-counters,indirect-calls,trace-cmp,pc-table)
endif()
set(IWAS_FUZZED_LAYERS core protocol_radius protocol_routeros protocol_captive protocol_pc_events
    protocol_vietqr adapters_http adapters_radius adapters_router adapters_pc_system
    adapters_payment api)

# One function declares a layer, so that the tree and the dependency rules are read in one place.

# iwas_layer(NAME [FOLDER dir] DEPENDS ... [LIBRARIES ...])
# Builds every *.cpp below the folder (but *_test.cpp) as the static library iwas_NAME, and every
# *_test.cpp as the executable iwas_NAME_tests, whose cases ctest runs one by one.
# DEPENDS names layers, LIBRARIES outside targets. tools/check_layers.py checks the includes. Tests
# whose paths match SHARED_TESTS are run by several executables, and built once by whoever calls.
function(iwas_layer name)
    cmake_parse_arguments(ARG "" "FOLDER;SHARED_TESTS" "DEPENDS;LIBRARIES;TEST_LIBRARIES" ${ARGN})
    if(NOT ARG_FOLDER)
        set(ARG_FOLDER ${name})
    endif()
    set(target iwas_${name})
    string(REPLACE "/" "_" target ${target})

    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${ARG_FOLDER}/*.cpp ${ARG_FOLDER}/*.hpp)
    set(tests ${sources})
    list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
    if(ARG_SHARED_TESTS)
        list(FILTER tests EXCLUDE REGEX ${ARG_SHARED_TESTS})
    endif()
    set(units ${sources})
    list(FILTER units INCLUDE REGEX "\\.cpp$")

    if(units)
        add_library(${target} STATIC ${sources})
        iwas_unity(${units})
        if(name IN_LIST IWAS_FUZZED_LAYERS)
            target_compile_options(${target} PRIVATE ${IWAS_COVERAGE})
        endif()
        set(scope PUBLIC)
    else()
        add_library(${target} INTERFACE)
        set(scope INTERFACE)
    endif()
    target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
    target_link_libraries(${target} ${scope} iwas_build_options)
    foreach(layer IN LISTS ARG_DEPENDS)
        string(REPLACE "/" "_" layer ${layer})
        target_link_libraries(${target} ${scope} iwas_${layer})
    endforeach()
    target_link_libraries(${target} ${scope} ${ARG_LIBRARIES})
    set(used ${ARG_DEPENDS})
    list(TRANSFORM used REPLACE "/" "_")
    list(TRANSFORM used PREPEND iwas_)
    iwas_precompile(${target} USES ${used})

    if(tests AND BUILD_TESTING)
        iwas_test(${target}_tests SOURCES ${tests} LIBRARIES ${target} ${ARG_TEST_LIBRARIES})
    endif()
endfunction()

# What `make test` builds: with sanitizers, and those that need speed without. The file names the
# second kind for tools/run_tests, which fails when any other test program is not built.
set(IWAS_RELEASE_TESTS_FILE ${PROJECT_BINARY_DIR}/release-tests.txt)
file(WRITE ${IWAS_RELEASE_TESTS_FILE} "")
add_custom_target(iwas_dev_tests)
add_custom_target(iwas_release_tests)

# iwas_test(NAME SOURCES ... LIBRARIES ... [LABEL label]): a GoogleTest executable under ctest.
function(iwas_test name)
    cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SOURCES;LIBRARIES" ${ARGN})
    if(NOT ARG_LABEL)
        set(ARG_LABEL unit)
    endif()
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    add_executable(${name} ${ARG_SOURCES})
    iwas_unity(${ARG_SOURCES})
    iwas_precompile(${name} TESTS USES ${ARG_LIBRARIES})
    target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} iwas_build_options
        GTest::gtest GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name} PRIVATE IWAS_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    if(ARG_LABEL MATCHES "simulation|crash")
        add_dependencies(iwas_release_tests ${name})
        file(APPEND ${IWAS_RELEASE_TESTS_FILE} "${name}\n")
    else()
        add_dependencies(iwas_dev_tests ${name})
    endif()
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
        PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
endfunction()

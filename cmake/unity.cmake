# The presets compile several sources of a target as one (CMAKE_UNITY_BUILD), which halves the time of
# a whole build: templates are instantiated once and not in every file. For work on single files,
# configure with -DCMAKE_UNITY_BUILD=OFF, which also checks that each source stands by itself.
#
# Unnamed namespaces are then shared by neighbours. A source whose private names meet a neighbour's
# is compiled alone; so is one that is large in itself.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)

file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/compiled_alone.txt IWAS_COMPILED_ALONE REGEX "^[^#]")
set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY
    CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/compiled_alone.txt)

# iwas_unity(SOURCE ...): keeps those that are named in compiled_alone.txt apart.
function(iwas_unity)
    foreach(source IN LISTS ARGN)
        cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
        cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE name)
        if(name IN_LIST IWAS_COMPILED_ALONE)
            set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
        endif()
    endforeach()
endfunction()

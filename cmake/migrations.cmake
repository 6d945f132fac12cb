# iwas_embed_migrations(TARGET FOLDER): builds FOLDER/NNNN_name.sql into TARGET as
# iwas::adapters::embedded_migrations().
function(iwas_embed_migrations target folder)
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*.sql)
    list(SORT files)
    set(rows "")
    set(expected 1)
    foreach(file IN LISTS files)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
        get_filename_component(stem ${file} NAME_WE)
        string(REGEX MATCH "^0*([0-9]+)_(.+)$" matched ${stem})
        if(NOT CMAKE_MATCH_1 EQUAL expected)
            message(FATAL_ERROR "${file}: migration ${expected} is expected")
        endif()
        math(EXPR expected "${expected} + 1")
        set(number ${CMAKE_MATCH_1})
        set(name ${CMAKE_MATCH_2})
        file(READ ${file} sql)
        string(APPEND rows "    Migration{${number}, \"${name}\", R\"sql(${sql})sql\"},\n")
    endforeach()
    set(generated ${CMAKE_CURRENT_BINARY_DIR}/embedded_migrations.cpp)
    file(CONFIGURE OUTPUT ${generated} @ONLY CONTENT
"#include \"adapters/store/migrations.hpp\"

#include <array>

namespace iwas::adapters {

std::span<const Migration> embedded_migrations()
{
    static constexpr auto all = std::to_array<Migration>({
@rows@    });
    return all;
}

} // namespace iwas::adapters
")
    target_sources(${target} PRIVATE ${generated})
endfunction()

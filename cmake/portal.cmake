# Builds web/portal with npm and embeds it: the library iwas_portal_assets (src/app/assets.hpp).
set(portal ${PROJECT_SOURCE_DIR}/web/portal)
set(portal_dist ${PROJECT_BINARY_DIR}/portal/dist)
set(portal_source ${PROJECT_BINARY_DIR}/portal/portal_assets.cpp)
file(GLOB_RECURSE portal_files CONFIGURE_DEPENDS ${portal}/src/* ${portal}/public/*)

# Ninja runs it in every new build folder, whatever is installed; others may use the packages then.
add_custom_command(OUTPUT ${portal}/node_modules/.package-lock.json
    COMMAND ${PROJECT_SOURCE_DIR}/tools/npm_install ${portal}
    DEPENDS ${portal}/package-lock.json
    COMMENT "Installing the portal's npm packages"
    VERBATIM)
add_custom_command(OUTPUT ${portal_source}
    COMMAND npm run --silent build -- --outDir ${portal_dist} --emptyOutDir --logLevel warn
    COMMAND npm run --silent size -- ${portal_dist}
    COMMAND ${PROJECT_SOURCE_DIR}/tools/embed_assets.py ${portal_source} ${portal_dist}
    COMMAND ${CMAKE_COMMAND} -E touch ${portal_source}
    DEPENDS ${portal_files} ${portal}/index.html ${portal}/online.html ${portal}/vite.config.ts ${portal}/svelte.config.js
        ${portal}/package.json ${portal}/node_modules/.package-lock.json ${portal}/tools/size.mjs
        ${PROJECT_SOURCE_DIR}/docs/openapi.yaml ${PROJECT_SOURCE_DIR}/tools/embed_assets.py
    WORKING_DIRECTORY ${portal}
    COMMENT "Building the portal"
    VERBATIM)

add_library(iwas_portal_assets STATIC ${portal_source} ${PROJECT_SOURCE_DIR}/src/app/assets.hpp)
target_include_directories(iwas_portal_assets PUBLIC ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(iwas_portal_assets PUBLIC iwas_build_options)

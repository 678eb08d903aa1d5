# install.cmake - program, libraries, headers, pkg-config and CMake package files.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/noneq")

# Two export sets: a user of the shared library needs none of the static one's dependencies.
install(TARGETS noneq EXPORT noneqTargets)
install(TARGETS noneq_static EXPORT noneqStaticTargets)
install(EXPORT noneqTargets NAMESPACE noneq:: DESTINATION ${package_dir})
install(EXPORT noneqStaticTargets NAMESPACE noneq:: DESTINATION ${package_dir})
if(TARGET noneq_mpi)
    install(TARGETS noneq_mpi)
endif()
if(TARGET noneq_xgboost)
    install(TARGETS noneq_xgboost)
endif()
if(TARGET noneq_program)
    install(TARGETS noneq_program)
endif()

install(FILES include/noneq.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/noneq DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h")

# The prefix is found from where the file lies, so that an installed tree can be moved.
file(RELATIVE_PATH pkgconfig_to_prefix
     "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
string(REGEX REPLACE "/$" "" pkgconfig_to_prefix "${pkgconfig_to_prefix}")
set(library_requires "zlib libpng libcjson")
configure_file(cmake/noneq.pc.in noneq.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/noneq.pc"
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

configure_package_config_file(cmake/noneqConfig.cmake.in noneqConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(noneqConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/noneqConfig.cmake"
              "${PROJECT_BINARY_DIR}/noneqConfigVersion.cmake"
        DESTINATION ${package_dir})

# program.cmake - the program noneq: one file, with the library inside.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
file(GLOB_RECURSE program_sources CONFIGURE_DEPENDS cli/*.c)
if(program_sources)
    pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo)
    add_executable(noneq_program ${program_sources})
    set_target_properties(noneq_program PROPERTIES OUTPUT_NAME noneq)
    target_include_directories(noneq_program PRIVATE cli)
    target_link_libraries(noneq_program
        PRIVATE noneq_flags noneq_static PkgConfig::CAIRO m)
endif()

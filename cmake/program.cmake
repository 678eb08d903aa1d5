# program.cmake - the program noneq: one file, with the library inside.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
file(GLOB_RECURSE program_sources CONFIGURE_DEPENDS cli/*.c)
if(program_sources)
    pkg_check_modules(CAIRO REQUIRED cairo) # its headers; cli/plot/cairo_lazy.c loads it
    add_executable(noneq_program ${program_sources})
    set_target_properties(noneq_program PROPERTIES OUTPUT_NAME noneq)
    target_include_directories(noneq_program PRIVATE cli)
    target_include_directories(noneq_program SYSTEM PRIVATE ${CAIRO_INCLUDE_DIRS})
    target_link_libraries(noneq_program
        PRIVATE noneq_flags noneq_static m ${CMAKE_DL_LIBS})
    # Its own files do nothing that takes time: they are kept small.
    target_compile_options(noneq_program PRIVATE $<$<CONFIG:Release>:-Os>)
    set_source_files_properties(cli/ranks.c PROPERTIES COMPILE_DEFINITIONS
        NONEQ_MPI_LIBRARY="libnoneq_mpi.so.${noneq_soversion}")
    set_source_files_properties(cli/booster.c PROPERTIES COMPILE_DEFINITIONS
        NONEQ_XGBOOST_LIBRARY="libnoneq_xgboost.so.${noneq_soversion}")
    # Where these are looked for: beside the program in a build, else as it was installed.
    file(RELATIVE_PATH libraries_from_program
         "/prefix/${CMAKE_INSTALL_BINDIR}" "/prefix/${CMAKE_INSTALL_LIBDIR}")
    # An RPATH, since a RUNPATH is not that of the program where a sanitizer calls dlopen for it.
    target_link_options(noneq_program PRIVATE LINKER:--disable-new-dtags)
    set_target_properties(noneq_program PROPERTIES BUILD_WITH_INSTALL_RPATH ON
        INSTALL_RPATH "\$ORIGIN;\$ORIGIN/${libraries_from_program}")
endif()

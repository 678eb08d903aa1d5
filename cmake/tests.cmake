# tests.cmake - every test_*.c is a program of its own; tests/run.sh runs and counts them.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
enable_testing()

# Programs that see the inside of the library, in the folder of the build that mirrors theirs.
function(noneq_inside_program target folder library)
    add_executable(${target} ${ARGN})
    target_include_directories(${target} PRIVATE src tests)
    target_link_libraries(${target} PRIVATE noneq_flags ${library} m)
    set_target_properties(${target} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/${folder}")
endfunction()

foreach(folder unit ops math)
    file(GLOB sources CONFIGURE_DEPENDS tests/${folder}/test_*.c)
    foreach(source IN LISTS sources)
        get_filename_component(name ${source} NAME_WE)
        set(library noneq_static)
        if(name MATCHES "_f64$")
            set(library noneq_f64)
        endif()
        noneq_inside_program(${name} tests/${folder} ${library} ${source})
        target_link_libraries(${name} PRIVATE PkgConfig::CMOCKA)
        add_test(NAME ${folder}/${name} COMMAND ${name})
    endforeach()
endforeach()

# The same cases against exact answers in float64, and again in what users run.
file(GLOB sources CONFIGURE_DEPENDS tests/golden/*.c)
if(sources)
    noneq_inside_program(golden tests noneq_f64 ${sources})
    noneq_inside_program(golden_f32 tests noneq_static ${sources})
endif()

# Models whose laws are known, for tests/cli/exact.sh.
foreach(name exact_gaussian exact_bits)
    noneq_inside_program(${name} tests/exact noneq_static tests/exact/${name}.c)
    target_link_libraries(${name} PRIVATE PkgConfig::CJSON)
endforeach()

# Preloaded, it makes single calls fail (tests/torture/torture.py). It does not go with sanitizers,
# which stand before the same functions.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND NOT NONEQ_SANITIZE)
    add_library(torture_shim SHARED tests/torture/shim.c)
    target_compile_definitions(torture_shim PRIVATE _GNU_SOURCE)
    target_link_libraries(torture_shim PRIVATE ${CMAKE_DL_LIBS})
    set_target_properties(torture_shim PROPERTIES OUTPUT_NAME shim PREFIX ""
        LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests/torture")
endif()

# Harnesses of libFuzzer: under it with NONEQ_FUZZ, else with a main that runs them on files.
file(GLOB sources CONFIGURE_DEPENDS tests/fuzz/fuzz_*.c)
foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    noneq_inside_program(${name} tests/fuzz noneq_static ${source})
    target_link_libraries(${name} PRIVATE ZLIB::ZLIB PkgConfig::CJSON)
    if(NONEQ_FUZZ)
        target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    else()
        target_sources(${name} PRIVATE tests/fuzz/replay.c)
    endif()
    list(APPEND harnesses ${name})
endforeach()
add_custom_target(harnesses DEPENDS ${harnesses})

file(GLOB sources CONFIGURE_DEPENDS bench/bench_*.c)
foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    noneq_inside_program(${name} bench noneq_static ${source})
endforeach()
target_sources(bench_jobs PRIVATE bench/jobs.c bench/exchange.c)
target_sources(bench_cost PRIVATE bench/jobs.c)
# oneDNN 2 is compared with where it is installed; nothing else uses it.
find_path(ONEDNN_INCLUDE dnnl.h)
find_library(ONEDNN_LIBRARY dnnl)
if(TARGET bench_conv AND ONEDNN_INCLUDE AND ONEDNN_LIBRARY)
    target_sources(bench_conv PRIVATE bench/conv_onednn.c)
    target_compile_definitions(bench_conv PRIVATE NONEQ_ONEDNN)
    target_include_directories(bench_conv SYSTEM PRIVATE ${ONEDNN_INCLUDE})
    target_link_libraries(bench_conv PRIVATE ${ONEDNN_LIBRARY})
endif()

# Examples see what a user sees.
file(GLOB sources CONFIGURE_DEPENDS examples/*.c)
foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    add_executable(example_${name} ${source})
    target_link_libraries(example_${name} PRIVATE noneq_flags noneq_static m)
    set_target_properties(example_${name} PROPERTIES
        OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/examples")
endforeach()

# library.cmake - libnoneq, static and shared, and its float64 twin that tests use as an oracle.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(PNG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(CJSON REQUIRED IMPORTED_TARGET libcjson)

file(GLOB_RECURSE library_sources CONFIGURE_DEPENDS src/*.c)
# mpi.cmake, xgboost.cmake
list(FILTER library_sources EXCLUDE REGEX "/(comm_mpi|booster_xgboost)\\.c$")
# Vector kernels are float32 only.
set(library_sources_f64 ${library_sources})
list(FILTER library_sources_f64 EXCLUDE REGEX "/src/backend/cpu/")
if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
    list(FILTER library_sources EXCLUDE REGEX
         "/src/backend/cpu/.*_avx(2|512|512_bf16)\\.c$")
endif()

# One file per instruction set, chosen at run time. Random numbers are never contracted: their
# bits must be the same for every kernel. Loops start on a cache line: where a loop falls by chance,
# an edit elsewhere moves it, and a product of matrices has become 10 % slower so.
foreach(source IN LISTS library_sources)
    if(NOT source MATCHES "/src/backend/cpu/")
        continue()
    endif()
    set(flags -falign-functions=64 -falign-loops=64 -Wno-psabi -ffp-contract=fast)
    if(source MATCHES "random")
        set(flags -falign-functions=64 -falign-loops=64 -Wno-psabi -ffp-contract=off)
    endif()
    # Distributions guard every stack; kernels read no text, and are called millions of times.
    list(APPEND flags -fno-stack-protector)
    if(source MATCHES "_avx512(_bf16)?\\.c$")
        list(APPEND flags -mavx512f -mavx512dq -mavx512bw -mavx512vl -mfma
             -mprefer-vector-width=512)
        if(source MATCHES "_bf16\\.c$")
            list(APPEND flags -mavx512bf16)
        endif()
    elseif(source MATCHES "_avx2\\.c$")
        list(APPEND flags -mavx2 -mfma)
    endif()
    # clang takes ten minutes to add its checks to the wide kernels; fuzzing uses the generic ones.
    if(NONEQ_FUZZ AND NOT source MATCHES "_generic\\.c$")
        list(APPEND flags -fno-sanitize=all)
    endif()
    set_source_files_properties(${source} PROPERTIES COMPILE_OPTIONS "${flags}")
endforeach()

set(library_needs ZLIB::ZLIB PNG::PNG PkgConfig::CJSON Threads::Threads m)

# One set of objects makes both libraries.
add_library(noneq_objects OBJECT ${library_sources})
set_target_properties(noneq_objects PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_compile_options(noneq_objects PRIVATE -fno-semantic-interposition)
# What is done once for a file, a table or a command is kept small.
set(done_once)
foreach(where check/ task/ core/option/ table/arrow/ table/kind/ table/memory/ io/container/
        io/picture/ io/file/ model/ regressor/ train/set/ train/checkpoint/ train/run/ train/best/
        "train/[a-z]+\\.c" "family/gaussian/gaussian_reading\\.c" measure/steps/
        "measure/(compare|entropy|pool|exact|ais_result)\\.c"
        "io/csv/(header|dialect|digits|settle)\\.c" "picture/inpaint\\.c"
        "table/(generate/generate|view/match|write/like)\\.c" "evidence/(given|custom)\\.c")
    set(there ${library_sources})
    list(FILTER there INCLUDE REGEX "/src/${where}")
    list(APPEND done_once ${there})
endforeach()
list(FILTER done_once EXCLUDE REGEX
     "/(model/(gather|roles|steps)|(tree|forest)/pass|tree/grow)\\.c$")
set_source_files_properties(${done_once} PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release>:-Os>)
# Loops over lanes: choices between numbers become those of vectors; unrolled they gain nothing.
set(lanes -fno-trapping-math)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    list(APPEND lanes $<$<CONFIG:Release>:-O2> -ftree-vectorize -fvect-cost-model=dynamic)
endif()
set_source_files_properties(${PROJECT_SOURCE_DIR}/src/regressor/kernel/pass.c PROPERTIES
    COMPILE_OPTIONS "${lanes}")

function(noneq_library_configure target)
    target_include_directories(${target}
        PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
               $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
        PRIVATE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(${target}
        PRIVATE $<BUILD_INTERFACE:noneq_flags> ${library_needs})
endfunction()

# The static library keeps the nqi_ names that unit tests call.
add_library(noneq_static STATIC $<TARGET_OBJECTS:noneq_objects>)
set_target_properties(noneq_static PROPERTIES OUTPUT_NAME noneq EXPORT_NAME static)

# The shared library exports nq_* and nothing else.
add_library(noneq SHARED $<TARGET_OBJECTS:noneq_objects>)
set(exports "${PROJECT_SOURCE_DIR}/cmake/exports.map")
target_link_options(noneq PRIVATE
    LINKER:--version-script=${exports} LINKER:-Bsymbolic-functions)
if(NOT NONEQ_SANITIZE) # whose functions come from the program
    target_link_options(noneq PRIVATE LINKER:--no-undefined)
endif()
set_target_properties(noneq PROPERTIES
    LINK_DEPENDS "${exports}" LINKER_LANGUAGE C
    VERSION ${PROJECT_VERSION} SOVERSION ${noneq_soversion})

add_library(noneq_f64 STATIC EXCLUDE_FROM_ALL ${library_sources_f64})
target_compile_definitions(noneq_f64 PUBLIC NQI_REAL_DOUBLE)

foreach(target noneq_objects noneq_static noneq noneq_f64)
    noneq_library_configure(${target})
endforeach()
add_library(noneq::noneq ALIAS noneq)
add_library(noneq::static ALIAS noneq_static)

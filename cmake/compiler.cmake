# compiler.cmake - the flags that every file of the project is compiled with.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# No -DNDEBUG: a check that only debug builds have is one that users never get.
set(CMAKE_C_FLAGS_RELEASE "-O3 -g" CACHE STRING "" FORCE)
set(CMAKE_C_FLAGS_DEBUG "-O1 -g -fno-omit-frame-pointer" CACHE STRING "" FORCE)

# -ffp-contract=off: results must not depend on where a compiler sees a fused multiply-add.
# Sections, --gc-sections and --as-needed keep the program small and its start quick. A release has
# no tables of unwinding, which are 8 % of it: C throws nothing, and debuggers read those of -g.
add_library(noneq_flags INTERFACE)
target_compile_definitions(noneq_flags INTERFACE _GNU_SOURCE)
target_compile_options(noneq_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -ffp-contract=off -fno-math-errno
    -ffunction-sections -fdata-sections $<$<BOOL:${NONEQ_WERROR}>:-Werror>
    $<$<CONFIG:Release>:-fno-unwind-tables$<SEMICOLON>-fno-asynchronous-unwind-tables>)
target_link_options(noneq_flags INTERFACE LINKER:--gc-sections LINKER:--as-needed)

# Sanitizers add branches in which gcc finds variables that may be uninitialised and are not.
if(NONEQ_SANITIZE)
    target_compile_options(noneq_flags INTERFACE
        -fsanitize=${NONEQ_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
        $<$<C_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
        $<$<BOOL:${NONEQ_FUZZ}>:-fsanitize=fuzzer-no-link>)
    target_link_options(noneq_flags INTERFACE -fsanitize=${NONEQ_SANITIZE})
endif()

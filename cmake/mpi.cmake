# mpi.cmake - libnoneq_mpi: ranks by MPI. Nothing links it; the program loads it under mpirun.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
if(NOT NONEQ_MPI)
    return()
endif()
if(NONEQ_MPI STREQUAL "AUTO")
    find_package(MPI QUIET COMPONENTS C)
else()
    find_package(MPI REQUIRED COMPONENTS C)
endif()
if(NOT MPI_C_FOUND)
    message(STATUS "No MPI: noneq runs in one process (Debian: libopenmpi-dev)")
    return()
endif()

# It needs no other part of noneq: bytes pass through functions that nq_context_use_comm gets.
add_library(noneq_mpi SHARED src/dist/comm_mpi.c)
target_include_directories(noneq_mpi
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(noneq_mpi PRIVATE $<BUILD_INTERFACE:noneq_flags> MPI::MPI_C)
target_link_options(noneq_mpi PRIVATE
    LINKER:--version-script=${PROJECT_SOURCE_DIR}/cmake/exports.map)
set_target_properties(noneq_mpi PROPERTIES
    VERSION ${PROJECT_VERSION} SOVERSION ${noneq_soversion})

# xgboost.cmake - libnoneq_xgboost: trees by XGBoost. Nothing links it; the program loads it when a
# forest is to be grown.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
if(NOT NONEQ_XGBOOST)
    return()
endif()
find_path(XGBOOST_INCLUDE_DIR xgboost/c_api.h)
find_library(XGBOOST_LIBRARY xgboost)
if(NOT XGBOOST_INCLUDE_DIR OR NOT XGBOOST_LIBRARY)
    if(NONEQ_XGBOOST STREQUAL "AUTO")
        message(STATUS "No XGBoost: no forests are grown (Debian: libxgboost-dev)")
        return()
    endif()
    message(FATAL_ERROR "NONEQ_XGBOOST is ${NONEQ_XGBOOST}, and there is no xgboost/c_api.h or "
                        "libxgboost (Debian: libxgboost-dev)")
endif()

# It needs no other part of noneq: rows and trees pass through functions that nq_context_use_booster
# gets.
add_library(noneq_xgboost SHARED src/regressor/forest/booster_xgboost.c)
target_include_directories(noneq_xgboost
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_include_directories(noneq_xgboost SYSTEM PRIVATE ${XGBOOST_INCLUDE_DIR})
target_link_libraries(noneq_xgboost PRIVATE $<BUILD_INTERFACE:noneq_flags> PkgConfig::CJSON
    ${XGBOOST_LIBRARY})
target_link_options(noneq_xgboost PRIVATE
    LINKER:--version-script=${PROJECT_SOURCE_DIR}/cmake/exports.map)
set_target_properties(noneq_xgboost PROPERTIES
    VERSION ${PROJECT_VERSION} SOVERSION ${noneq_soversion})

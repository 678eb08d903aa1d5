# manual.cmake - manual pages of the program, and what shells need to complete its command lines.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
if(NOT TARGET noneq_program)
    return()
endif()

# The shells' own places below a prefix; distributions have other ones for zsh.
set(NONEQ_ZSH_DIR "${CMAKE_INSTALL_DATADIR}/zsh/site-functions"
    CACHE STRING "where zsh's completions are installed")
install(FILES completions/noneq.bash RENAME noneq
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES completions/_noneq DESTINATION ${NONEQ_ZSH_DIR})
install(FILES completions/noneq.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

set(NONEQ_MAN AUTO CACHE STRING "manual pages: ON, OFF, or AUTO where help2man is found")
if(NOT NONEQ_MAN)
    return()
endif()
find_program(HELP2MAN help2man)
# The pages are what the program says: it has to run here, and say nothing else.
if(NOT HELP2MAN)
    set(no_manual "there is no help2man (Debian: help2man)")
elseif(CMAKE_CROSSCOMPILING)
    set(no_manual "the program is built for another machine")
elseif(NONEQ_SANITIZE)
    set(no_manual "the program is built under sanitizers")
endif()
if(no_manual AND NOT NONEQ_MAN STREQUAL "AUTO")
    message(FATAL_ERROR "NONEQ_MAN is ${NONEQ_MAN}, but ${no_manual}")
elseif(no_manual)
    message(STATUS "No manual pages: ${no_manual}")
    return()
endif()
message(STATUS "Manual pages: made by ${HELP2MAN}")
add_custom_command(OUTPUT man/noneq.1
    COMMAND "${PROJECT_SOURCE_DIR}/tools/man.sh" $<TARGET_FILE:noneq_program>
            "${PROJECT_BINARY_DIR}/man"
    DEPENDS noneq_program tools/man.sh COMMENT "Writing manual pages" VERBATIM)
add_custom_target(noneq_manual ALL DEPENDS man/noneq.1)
install(DIRECTORY "${PROJECT_BINARY_DIR}/man/" DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
        FILES_MATCHING PATTERN "*.1")

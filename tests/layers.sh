#!/usr/bin/env bash
# layers.sh - checks which way code may look (src/README.md), because such rules drift.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tap.sh

# layer FOLDER ALLOWED...: "folder/..." includes in src/FOLDER name only the allowed folders.
layer()
{
    local folder=$1 allowed
    shift
    test -d "src/$folder" || return
    allowed=$(IFS='|' && echo "$*")
    expect_nothing "src_${folder}_includes_only: $*" "$(
        grep -rnE '^ *# *include *"' "src/$folder" | grep -vE "\"($allowed)/[^\"]*\""
    )"
}

# only_in SENTENCE PATTERN PLACES: an extended regular expression that occurs in src/ in files
# whose path matches PLACES, and nowhere else.
only_in()
{
    expect_nothing "$1" "$(
        grep -rnE --include='*.c' --include='*.h' "$2" src include |
            awk -F: -v places="^($3)" '$1 !~ places'
    )"
}

folders='core|dist|io|table|backend|nn|regressor|family|diffusion'
folders=$folders'|model|measure|evidence|posterior|check|picture|train|task'
layer core core
layer dist core dist
layer io core io
layer table core io table
layer backend core backend
layer nn core backend nn
layer regressor core backend nn regressor
layer family core backend family
layer diffusion core dist backend nn regressor family diffusion
layer model core dist io table backend nn regressor family diffusion model
layer measure core dist io table backend nn family diffusion model measure
layer evidence core table family diffusion model evidence
layer posterior core dist table regressor backend nn family diffusion model evidence posterior
layer check core dist io table backend nn regressor family diffusion model measure check
layer picture core dist table nn diffusion model posterior picture
layer train core dist io table backend nn regressor family diffusion model measure train
layer task core dist io table family regressor model measure evidence posterior check picture \
    train task

expect_nothing every_folder_of_src_has_a_rule "$(
    find src -mindepth 1 -maxdepth 1 -type d -printf '%f\n' |
        grep -vxE "$folders"
)"
expect_nothing public_headers_include_only_public_and_c_headers "$(
    grep -nE '^ *# *include' include/noneq.h include/noneq/*.h |
        grep -vE '<(noneq/[a-z_]+|stddef|stdint)\.h>'
)"
expect_nothing program_and_examples_see_only_noneq_h "$(
    grep -rnE '^ *# *include' cli examples 2>/dev/null |
        grep -E "[<\"](noneq/|(\.\./)*(src|$folders)/)"
    grep -rnE '\bnqi_' cli examples 2>/dev/null
)"
# listed LIST FILE: the names of a registry, a|b|c.
listed()
{
    sed -n "s/^#define $1(X) //p" "$2" | grep -oE '\([a-z_0-9]+\)' | tr -d '()' | paste -sd '|'
}

regressor="($(listed NQI_REGRESSORS src/regressor/regressor.c))"
expect_nothing diffusion_names_no_particular_regressor "$(
    grep -rnE "regressor_$regressor|nqi_$regressor\\b" \
        src/{family,diffusion,model,measure,evidence,posterior,check,picture}
)"
expect_nothing regressor_knows_no_diffusion "$(
    grep -rnE 'family_|nq_schedule|nqi_(family|process)' src/regressor
)"
family="($(listed NQI_FAMILIES src/family/family.c))"
names="nqi_family_$family|nqi_${family}_[a-z]+\\(|strcmp.*\"$family\""
expect_nothing nobody_asks_which_family_it_is "$(
    grep -rnE "$names" src cli | grep -vE '^src/(family|backend)/'
    grep -rnE 'strcmp\([^)]*kernel|outputs [!=]= [12]\b|has_activity' src cli |
        grep -v '^src/model/option_use[.]c'
)"

only_in only_cpu_kernels_use_vector_types_and_intrinsics \
    '[a-z]mmintrin\.h|vector_size|ext_vector_type|\b_mm(256|512)?_|__builtin_ia32_[a-z]*ps' \
    'src/backend/cpu/|src/core/thread/denormals[.]c'
only_in only_threads_and_their_order_use_pthreads 'pthread|<threads\.h>|omp\.h|pragma omp' \
    'src/core/thread/((thread|order)[.]c|wait[.][ch])'
only_in only_denormals_touches_the_control_register \
    'mxcsr|_mm_[gs]etcsr|__builtin_ia32_(ld|st)mxcsr|\bfpcr\b' \
    'src/core/thread/denormals[.][ch]'
only_in only_comm_mpi_uses_mpi '<mpi\.h>|\bMPI_[A-Z][a-z]' \
    'src/dist/comm_mpi[.]c|include/noneq/mpi[.]h'
only_in only_booster_xgboost_uses_xgboost '<xgboost/|\bXG[BD][A-Z]?[a-z]' \
    'src/regressor/forest/booster_xgboost[.]c|include/noneq/xgboost[.]h'
only_in only_png_uses_libpng '<png\.h>' 'src/io/picture/png[.]c'
only_in the_library_never_draws '<cairo' 'nowhere'
only_in the_library_never_prints_or_exits \
    '(^|[^a-z_])(printf|puts|putchar|perror|abort|exit|_exit|assert)\(|\(stderr|stderr,' \
    'nowhere'

if test -e "${BUILD:-build/release}/noneq"; then
    expect_nothing the_program_loads_cairo_only_to_draw "$(
        objdump -p "${BUILD:-build/release}/noneq" | grep -E 'NEEDED.*(cairo|pixman|fontconfig)'
    )"
fi

# Sections of initialised or zeroed data that can be written: a global variable.
if test -e "${BUILD:-build/release}/libnoneq.a"; then
    expect_nothing the_library_has_no_mutable_global_state "$(
        objdump -t "${BUILD:-build/release}/libnoneq.a" |
            awk 'NF > 3 && $(NF - 2) ~ /^\.(data|bss|tdata|tbss)/ \
                 && $(NF - 2) !~ /^\.data\.rel\.ro/ \
                 && $(NF - 1) !~ /^0+$/ { print $NF " in " $(NF - 2) }'
    )"
fi
finish

#!/usr/bin/env bash
# paper.sh - the driver of `make paper`, with a program that only pretends, and the page it writes.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck disable=SC2016 # $NONEQ_DATA stands in the page as it is
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
has_python the_driver_of_make_paper || { finish; exit; }

# Writes what -o and --sheet name, and figures for eval. train fails where a file says so.
cat >pretend <<'PRETEND'
#!/usr/bin/env bash
verb=$1
all="$*"
while test $# -gt 0; do
    case $1 in -o | --sheet) echo "$all" >"$2" ;; esac
    shift
done
case $verb in
train) test ! -e "$PRETEND_FAIL" || { echo "noneq: out of luck" >&2; exit 1; } ;;
info) echo '{}' ;;
eval)
    echo '{"rows":100,"dim":1024,"kernel":"gaussian","steps":500,"beta_1":0.0001,
      "bound":{"bits":-512,"se":1.024,"bits_per_pixel":-0.5},"null":{"bits":-2048},
      "gain":{"bits":1536,"bits_per_pixel":1.5},"bits_per_dim_8bit":4.25,
      "bits_per_dim_8bit_se":0.001,"picture":{"channels":1,"height":32,"width":32},
      "parzen":{"bits":320.25,"se":1.5,"se_rows":2.5,"width":0.17,"samples":10000,"rows":9000}}' ;;
esac
PRETEND
chmod +x pretend
mkdir -p data/bark data/mnist
for name in train-images t10k-images; do
    head -c 7840016 /dev/zero | gzip >"data/mnist/$name-idx3-ubyte.gz"
done

# paper ROW...: the driver, in this folder.
paper()
{
    NONEQ=$PWD/pretend PAPER=$PWD/paper PAPER_PAGE=$PWD/page.md NONEQ_DATA=$PWD/data \
        PRETEND_FAIL=$PWD/fail MINUTES=7 BARK_MINUTES=3 "$root/tools/paper/run.sh" "$@" \
        >out 2>err </dev/null
    code=$?
}

paper swissroll bark cifar10 mnist
holds rows_are_run test "$code" -eq 0
prints the_bound_of_a_row_of_numbers 'Swiss roll \| bits \| \*\*−512.000 ± 1.024\*\* \| 2.35' \
    page.md
prints the_bound_in_bits_per_pixel \
    'Bark.*\*\*substitute\*\*.*\| \*\*−0.500 ± 0.001\*\* \| −0.55 \|' page.md
prints the_gain_beside_the_papers '1.500 ± 0.001 \| 1.5 \|' page.md
prints absent_data_are_told_plainly '^No figure: no data: \$NONEQ_DATA/cifar10/.* does not exist' \
    page.md
prints and_the_table_says_so 'CIFAR-10.*\| \*no figure, see below\*' page.md
prints figures_are_listed_with_their_files 'figure 5 .*`bark/inpainting.png`' page.md
prints and_those_that_were_not_made 'figure 4 .*\*not made\*' page.md
prints parzen_is_in_table_2 'noneq \| 320.2 ± 2.5 bits \(10000 samples, 9000 rows' page.md
prints beside_the_papers 'adversarial net \[SD15\] \| 325 ± 2.9 bits' page.md
prints rows_that_were_not_run_are_told 'Dead leaves.*\| \*not run\*' page.md
prints grey_bits_are_told '4.250 ± 0.001 bits per dimension on the 8-bit scale' page.md
prints commands_are_as_a_reader_types_them \
    '^    noneq train \$NONEQ_DATA/bark --area 0,0,512,0 --preset bark --minutes 3 -o model.nq ' \
    page.md
prints minutes_are_shared_by_rows_of_pictures 'preset mnist --minutes 7' page.md
prints but_not_by_others 'train roll.npy --preset swissroll -o' page.md
holds seconds_are_never_cut python3 -c "
import sys
sys.path.insert(0, '$root/tools/paper')
import page
for n in range(140):
    assert page.command_lines('a ' + n * 'b', '1512').endswith('# 25.2 min'), n"
prints pictures_are_named 'build/paper/bark/.: inpainting.png, knots.png, sample.png' page.md
prints what_did_not_work_is_left_out 'Left out: .*gaussian_pictures' page.md
prints the_machine_is_named '^Machine: .* cores.*; load [0-9.]+ at the start' page.md
holds no_line_of_the_page_is_over_120_columns sh -c '! LC_ALL=C.UTF-8 grep -nE "^.{121,}" page.md'
holds no_path_of_this_machine_is_in_the_page sh -c '! grep -nF "$0" page.md' "$PWD"

mkdir -p paper/deadleaves
cp paper/bark/eval.json paper/bark/machine.json paper/deadleaves
echo '{"scales":16,"parts":32,"joint":{"bits_per_pixel":1.25,"se_rows":0.01},
    "conditional":{"bits_per_pixel":3.5,"se_rows":0.02}}' >paper/deadleaves/mixture.json
NOTE='a run of a test' paper swissroll
prints what_is_to_be_said_of_a_run_is_said '^a run of a test$' page.md
prints mixtures_are_in_table_2 'of 16 normal laws .*\| 1.250 ± 0.010 bits/pixel' page.md
prints so_are_conditionals '32 mixed conditionals, .*\| 3.500 ± 0.020 bits/pixel' page.md

touch fail
paper heartbeat
holds a_failing_row_is_a_failure test "$code" -eq 1
prints with_its_reason \
    '^No figure: .noneq train.* ended with status 1: noneq: out of luck' \
    page.md
prints other_rows_keep_their_results '\*\*−0.500 ± 0.001\*\*' page.md

# Of a run that was interrupted in heartbeat's training, which left a checkpoint.
rm fail
touch paper/heartbeat/model.nq.checkpoint
RESUME=1 paper heartbeat swissroll
holds a_run_goes_on test "$code" -eq 0
prints where_it_was_interrupted 'train beat.npy .* --resume$' paper/heartbeat/model.nq
holds but_for_the_page_it_is_one_command grep -q 'train beat.npy.*-o model.nq$' \
    paper/heartbeat/commands
holds what_is_done_is_not_done_again sh -c '! grep -q "noneq train roll" err'
paper swissroll
prints without_that_word_it_is 'noneq train roll' err
paper nonsense
holds unknown_rows_are_refused test "$code" -eq 2
finish

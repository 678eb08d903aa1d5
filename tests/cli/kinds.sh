#!/usr/bin/env bash
# kinds.sh - models of tables with columns of several kinds: what eval, score, info and plot say.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

small=(--updates 200 --hidden 16 --steps 12 --batch 64 --threads 1)
quick=(--threads 1 --terms 32 -q)

# Beside those of lib.sh: a town's code, a day, and gaps.
more_kinds()
{
    table_of_kinds "$1" "$2" | awk -F, -v OFS=, '
        NR == 1 { print $0, "code", "day"; next }
        { if (NR % 9 == 0) $3 = ""
          code["Oslo"] = 1; code["Rome"] = 2; code["Bern"] = 3; code["Paris"] = 4
          printf "%s,%d,2024-%02d-%02d\n", $0, code[$2], 1 + int(7 * NR % 12), 1 + 5 * NR % 28 }'
}
more_kinds 800 1 >train.csv
more_kinds 300 2 | sed '3s/,[A-Z][a-z]*,/,"Nice, by the sea",/' >test.csv

succeeds a_table_of_several_kinds_is_trained_on train train.csv -o m.nq "${small[@]}"
expect_nothing nothing_is_said_of_beta_1 "$(grep beta_1 err)"
prints k_is_told '^done +K -[0-9.]+ bits on training batches, K - L_null' err

# eval
succeeds it_is_evaluated eval m.nq test.csv "${quick[@]}"
prints as_rows_of_columns '^m.nq on test.csv: 299 rows of 7 columns$' out
prints with_figures_per_column '^K +-[0-9.]+ \+- [0-9.]+ bits per row +-[0-9.]+ per column' out
prints of_each_column '^  amount +spiked +-?[0-9.]+$' out
prints what_follows_is_nothing '^  code +[a-z]+ +-?0.0000$' out
prints densities_are_told '^  x +real +-?[0-9.]+  density$' out
expect_nothing beta_1_is_no_matter "$(grep 'beta_1\|per number\|numbers' out)"
prints unseen_levels_are_named 'test.csv:3: column 2 \("town"\): .*, found another;' err
run eval m.nq test.csv "${quick[@]}" --json
mv out scaled.json
holds json_has_columns json_has scaled.json \
    '(v["dim"], v["units"], len(v["columns"])) == (7, "recorded", 7)'
holds which_make_the_whole json_has scaled.json \
    'abs(sum(c["bits"] for c in v["columns"]) - v["bound"]["bits"]) < 1e-3'
for units in data recorded; do
    run eval m.nq test.csv "${quick[@]}" --json --units $units
    holds "units change nothing: $units" cmp out scaled.json
done
for verb in eval score; do
    refuses "but there are no scaled ones: $verb" 2 'm.nq. is a model of rows as recorded' \
        $verb m.nq test.csv -q --units scaled
done

# score
succeeds rows_are_scored score m.nq test.csv "${quick[@]}" --json
cp out plain.json
succeeds by_column_too score m.nq test.csv "${quick[@]}" --json --by-column
holds columns_make_a_row python3 -c '
import json
v = json.load(open("out"))
plain = json.load(open("plain.json"))
names = ["bits_" + n for n in "town on count amount x code day".split()]
assert v["units"] == "recorded" and v["rows"] == 300 == len(v["scores"])
for a, b in zip(v["scores"], plain["scores"]):
    assert {k: x for k, x in a.items() if k not in names} == b
    if b["row"] == 1:
        assert b["bound_bits"] == "-inf" and all(a[n] is None for n in names)
    else:
        assert abs(sum(a[n] for n in names) - b["bound_bits"]) < 1e-4 * abs(b["bound_bits"])
'
succeeds in_a_table score m.nq test.csv "${quick[@]}" --by-column -o s.csv
prints behind_the_others \
    '^row,id,bound_bits,bound_nats,se_bits,bits_town,bits_on,.*,bits_code,bits_day$' s.csv
prints an_unseen_level_is_impossible '^1,r1,-inf,-inf,,' s.csv
refuses trajectories_know_no_columns 2 'not with --ais' score m.nq test.csv --by-column --ais 8
succeeds the_strangest_are_printed score m.nq test.csv "${quick[@]}" --top 2
prints with_their_texts '^ +[0-9]+ +-[0-9.]+ +-[0-9.]+  (Oslo|Rome|Bern|Paris),[01]?,' out
cut -d, -f4,6 train.csv >xy.csv
"$noneq" train xy.csv -o g.nq "${small[@]}" --kernel gaussian --updates 5 -q || exit 1
refuses numbers_have_no_shares 1 'no model of columns of several kinds' \
    score g.nq test.csv --by-column
refuses and_are_not_recorded 2 'expected scaled or data' score g.nq test.csv --units recorded

# info
succeeds info_describes_the_model info m.nq
prints as_numbers '^columns +7, as [0-9]+ numbers$' out
prints with_levels '^ +1 +town +category +4 texts: Oslo [0-9]+ %, Rome ' out
prints with_gaps '^ +2 +on +bit +1[0-9] % +0 [0-9]+ %, 1 [0-9]+ %' out
prints with_ranges '^ +3 +count +whole +[0-9]+ to [0-9]+, step 1; [0-9]+ knots$' out
prints with_what_repeats '^ +4 +amount +spiked .*; often 0 [56][0-9] %' out
prints with_what_follows '^ +6 +code +category +a function of town; 4 values' out
prints with_dates '^ +7 +day +[a-z]+ +.*2024-01-[0-9]+ to 2024-12-[0-9]+' out
expect_nothing without_scaling "$(grep 'deviation\|Jacobian\|constant' out)"
succeeds info_has_json info m.nq --json
holds which_is_valid json_has out 'len(v["codes"]) == 7'

awk 'BEGIN { print "a_name_of_many_letters"
    for (i = 0; i < 300; i++)
        printf "%.6f\n", i % 3 ? 1000000.25 : 1000000.123456 + i / 64 }' >wide.csv
run info wide.csv
expect_nothing what_no_longer_fits_leaves_no_gap "$(grep '  \.\.\.' out)"

# plot
for end in png svg; do
    succeeds "a figure is drawn: $end" plot m.nq test.csv -o f.$end -n 100
    succeeds "without data: $end" plot m.nq -o alone.$end -n 100
done
holds svgs_are_xml python3 -c '
import xml.dom.minidom
xml.dom.minidom.parse("f.svg")'
succeeds columns_are_chosen plot m.nq test.csv -o one.png -n 100 --columns x,town,4
differs so_that_there_are_fewer one.png f.png
run plot m.nq test.csv -o again.png -n 100 --threads 2
holds the_same_figure_each_time cmp again.png f.png
refuses a_column_that_is_not_there 2 "no column 'z'" plot m.nq -o z.png --columns x,z
finish

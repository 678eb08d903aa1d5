#!/usr/bin/env bash
# models.sh - several models on rows drawn with replacement: their files, checkpoints and locks, and
# draws that they share.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

small=(--updates 60 --hidden 16 --steps 10 --batch 32 --threads 1 --roles 1)

table_of_kinds 400 1 >train.csv
awk -F, 'BEGIN { OFS = "," } NR > 1 && NR % 2 { $6 = "" } NR > 1 && NR % 3 == 0 { $2 = "" }
    NR <= 61 { print }' train.csv >gaps.csv

succeeds several_models_are_trained train train.csv -o m.nq --models 3 "${small[@]}" --log log
prints each_is_named '^model 2 of 3: m.2.nq$' err
prints rows_are_drawn_again 'rows drawn with replacement: 2[0-9][0-9] of 400' err
prints and_the_others_are_held_out '400 rows of . columns; 1[0-9][0-9] more rows held out' err
holds files_have_numbers test -f m.1.nq -a -f m.2.nq -a -f m.3.nq -a ! -e m.nq
holds logs_too test -s log.1/metrics.jsonl -a -s log.3/metrics.jsonl
holds nothing_else_is_left bash -c '! ls *.checkpoint *.lock 2>/dev/null'
succeeds one_of_them_can_be_made_alone train train.csv -o alone.nq --bootstrap --seed 2 \
    "${small[@]}" -q
holds as_the_second_of_seed_1 cmp alone.nq m.2.nq
holds models_differ bash -c '! cmp -s m.1.nq m.2.nq'

succeeds they_share_the_draws impute m.1.nq m.2.nq m.3.nq gaps.csv -n 7 -o draws.csv --threads 1
holds in_order python3 - <<'END'
import csv
rows = list(csv.DictReader(open("draws.csv")))
assert list(rows[0])[:3] == ["row", "draw", "model"], list(rows[0])
assert [r["model"] for r in rows[:7]] == list("1112233"), rows[:7]
assert len(rows) == 7 * 60 and all(all(v != "" for v in r.values()) for r in rows)
gaps = list(csv.DictReader(open("gaps.csv")))
for r in rows:
    for name, known in gaps[int(r["row"])].items():
        assert not known or known == r[name], (r, name)
END
run impute m.1.nq gaps.csv -n 3 -o first.csv --threads 1
holds the_first_model_draws_as_it_does_alone python3 - <<'END'
import csv
own = [r for r in csv.DictReader(open("draws.csv")) if r.pop("model") == "1"]
assert own == list(csv.DictReader(open("first.csv")))
END
cp draws.csv one.csv
succeeds threads_change_nothing impute m.1.nq m.2.nq m.3.nq gaps.csv -n 7 -o draws.csv --threads 2
holds not_a_bit cmp one.csv draws.csv
succeeds as_many_draws_as_models_by_default impute m.1.nq m.2.nq gaps.csv -o two.csv
holds one_each bash -c 'test "$(wc -l <two.csv)" -eq 121'
refuses fewer_draws_than_models 2 '--draws 2 of 3 models' \
    impute m.1.nq m.2.nq m.3.nq gaps.csv -n 2
succeeds quantiles_are_of_all_draws impute m.1.nq m.2.nq gaps.csv --quantiles 0.1,0.9 -o q.csv
prints without_a_model '^row,quantile,[^m]' q.csv
head -61 train.csv >truth.csv
awk -F, 'BEGIN { OFS = "," } NR > 1 { for (i = 1; i <= NF; i++) $i = i == NR % NF + 1 } { print }' \
    truth.csv >mask.csv
succeeds scores_are_of_all_draws impute m.1.nq m.2.nq m.3.nq truth.csv -m mask.csv --score
prints draws_are_rounded_up_to_equal_parts '21 draws each of 3 models' out
prints with_proper_scores '^CRPS, energy  ' out
succeeds in_json_too impute m.1.nq m.2.nq truth.csv -m mask.csv --json
holds it_counts_models json_has out 'v["models"] == 2 and v["draws"] == 20 and v["crps"] > 0'

table_of_kinds 100 3 | sed 's/Oslo/Bonn/' >towns.csv
awk -F, 'BEGIN { OFS = "," } { $3 = ""; print }' train.csv | cut -d, -f1,2,4- >other.csv
run train towns.csv -o towns.nq "${small[@]}" -q
refuses models_of_other_texts 1 'has other texts' impute m.1.nq towns.nq gaps.csv
run train other.csv -o other.nq "${small[@]}" -q
refuses models_of_other_columns 1 'one table' impute m.1.nq other.nq gaps.csv

# A level of one row: models that did not see it know that it is one.
{ cat train.csv && sed -n '2s/Oslo\|Rome\|Bern\|Paris/Jena/p' train.csv; } >rare.csv
run train rare.csv -o r.nq --models 4 "${small[@]}" -q
{ head -1 rare.csv && tail -1 rare.csv | sed 's/,[^,]*$/,/'; } >jena.csv
succeeds a_level_that_was_not_drawn_is_known impute r.1.nq r.2.nq r.3.nq r.4.nq jena.csv -n 4

refuses a_part_held_out_beside_them 2 'those that were not drawn are held out' \
    train train.csv -o m.nq --models 2 --valid 0.2 -q
succeeds none_held_out train train.csv -o n.nq --bootstrap --valid 0 "${small[@]}"
prints none '; no hold-out rows' err
succeeds a_file_held_out train train.csv -o n.nq --bootstrap --valid truth.csv "${small[@]}"
prints its_rows '60 hold-out rows' err
refuses too_many_models 2 'at most' train train.csv -o m.nq --models 1001
refuses no_name 2 '-o MODEL is missing' train train.csv --models 2

# Stopped in the second, resumed there, and as if it had not been stopped.
rm -f m.*.nq
long=("${small[@]}" --updates 1500 --patience 0)
run train train.csv -o whole.nq --models 3 "${long[@]}" -q
"$noneq" train train.csv -o m.nq --models 3 "${long[@]}" --checkpoint-every 0 2>err &
child=$!
for _ in $(seq 1200); do test -e m.2.nq.checkpoint && break; sleep 0.05; done
holds a_second_run_is_kept_out bash -c \
    "! '$noneq' train train.csv -o m.nq --models 2 -q 2>busy && grep -q 'is being trained' busy"
kill -TERM $child
wait $child
code=$?
expect_nothing a_signal_stops_it "$(test $code -eq 143 || details)"
prints it_says_how_to_go_on 'noneq train train.csv -o m.nq --models 3 .*--resume$' err
holds with_one_checkpoint bash -c 'test "$(ls m.*.checkpoint | wc -l)" -eq 1 && test ! -e m.nq.lock'
refuses a_repeated_command 2 'unfinished run: --resume' train train.csv -o m.nq --models 3 \
    "${long[@]}"
succeeds it_goes_on train train.csv -o m.nq --models 3 "${long[@]}" --resume
holds not_with_the_first bash -c '! grep -q "^model 1 of 3" err'
holds the_models_are_those_of_one_run bash -c \
    "for i in 1 2 3; do cmp m.\$i.nq whole.\$i.nq || exit 1; done"
holds checkpoints_are_gone bash -c '! ls *.checkpoint 2>/dev/null'
refuses nothing_is_left_to_do 1 'the 3 models of .m.nq. are finished' \
    train train.csv -o m.nq --models 3 "${long[@]}" --resume
finish

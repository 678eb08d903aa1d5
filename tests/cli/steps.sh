#!/usr/bin/env bash
# steps.sh - chains of fewer steps than were trained, from the command line.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# field NAME FILE: a number of a file of JSON.
field()
{
    sed -n "s/.*\"$1\":\\([-0-9.e]*\\).*/\\1/p" "$2" | head -n 1
}

awk 'BEGIN { srand(3); for (i = 0; i < 600; i++) { a = 0; for (k = 0; k < 12; k++) a += rand();
    b = 0; for (k = 0; k < 12; k++) b += rand(); x = a - 6; y = .8 * x + .6 * (b - 6);
    printf "%.6f,%.6f\n", x, y } }' >pair.csv
awk 'BEGIN { srand(4); for (i = 0; i < 400; i++) { a = rand() < .5; b = rand() < (a ? .9 : .2);
    print a "," b "," (rand() < .5) } }' >bits.csv
few=(--updates 200 --hidden 16 --valid 0.2 --threads 1 --seed 1)

succeeds a_model_of_a_belief_is_trained train pair.csv -o belief.nq --kernel gaussian \
    --variance-form belief --steps 40 "${few[@]}"
prints training_says_how_few_steps_samples_take 'samples take [0-9]+ of 40' err
succeeds a_model_of_a_free_variance_is_trained train pair.csv -o free.nq --kernel gaussian \
    --variance-form free --steps 40 "${few[@]}"
succeeds a_model_of_bits_is_trained train bits.csv -o bits.nq --steps 30 "${few[@]}"
run info belief.nq
prints info_says_it_too '^samples +[0-9]+ of 40 steps' out

for model in belief free bits; do
    data=pair.csv all=40
    test $model = bits && data=bits.csv all=30
    succeeds "eval_takes_fewer_steps_of_$model" eval $model.nq $data --steps 8 --json
    cp out short.json
    holds "json_says_how_many_of_$model" test "$(field steps short.json)" = 8
    holds "and_how_many_were_trained_of_$model" test "$(field trained_steps short.json)" = $all
    run eval $model.nq $data --json
    cp out all.json
    run eval $model.nq $data --json --steps $all
    holds "all_steps_are_the_model_of_$model" cmp out all.json
    succeeds "samples_of_all_steps_of_$model" sample $model.nq -n 70 --steps $all -o all.csv
    succeeds "samples_of_fewer_steps_of_$model" sample $model.nq -n 70 --steps 5 -o five.csv
    differs "which_are_others_of_$model" all.csv five.csv
    succeeds "again_of_$model" sample $model.nq -n 70 --steps 5 --threads 2 -o again.csv
    holds "the_same_for_any_threads_of_$model" cmp five.csv again.csv
    succeeds "score_takes_fewer_steps_of_$model" score $model.nq $data --steps 6 -o rows.csv
    succeeds "likelihoods_of_fewer_steps_of_$model" eval $model.nq $data --steps 6 --ais 8 \
        --max-rows 64
    succeeds "the_account_is_of_the_chain_of_$model" eval $model.nq $data --steps 6 --entropy
    succeeds "fewer_steps_are_compared_with_all_of_$model" compare $model.nq $model.nq $data \
        --steps 4,0 --json
    holds "and_are_not_better_of_$model" test "$(printf '%.0f' "$(
        sed -n 's/.*"difference":{"bits":\([-0-9.e]*\).*/\1/p' out)")" -le 0
done

printf '1.0,\n,0.5\n' >gaps.csv
succeeds impute_takes_fewer_steps impute belief.nq gaps.csv --steps 10 --particles 32 -o filled.csv
holds and_leaves_no_gap test -z "$(grep -E '^,|,$' filled.csv)"
printf '1.0,0.5\n' >noisy.csv
succeeds denoise_takes_fewer_steps denoise belief.nq noisy.csv --sigma 0.5 --steps 10 \
    --particles 32 -o clean.csv
succeeds a_trajectory_is_of_the_chain sample belief.nq -n 3 --steps 6 --trajectory 4 -o way.csv
prints whose_times_begin_with_its_steps '^6,' way.csv

refuses no_steps 2 'steps' sample belief.nq --steps 0
refuses more_steps_than_were_trained 2 '41 steps: expected 2 to 40' sample belief.nq --steps 41
refuses one_step_with_a_fixed_last_one 2 '1 steps: expected 2 to 40' eval belief.nq pair.csv \
    --steps 1
refuses more_steps_for_a_score 2 'expected 1 to 30' score bits.nq bits.csv --steps 31
refuses steps_of_words 2 'steps' compare belief.nq belief.nq pair.csv --steps few
refuses measuring_without_a_place_for_it 2 '-o is missing' steps belief.nq pair.csv

# A model file of before: nothing was measured.
if command -v python3 >/dev/null; then
    cat >strip.py <<'END'
import json, struct, sys
data = open(sys.argv[1], 'rb').read()
size = struct.unpack('<Q', data[:8])[0]
head, body, out, kept = json.loads(data[8:8 + size]), data[8 + size:], b'', {}
for name, entry in head.items():
    if name == '__metadata__':
        facts = json.loads(entry['noneq'])
        facts.pop('usual_steps', None)
        kept[name] = dict(entry, noneq=json.dumps(facts))
    elif not name.startswith('steps.'):
        low, high = entry['data_offsets']
        kept[name] = dict(entry, data_offsets=[len(out), len(out) + high - low])
        out += body[low:high]
text = json.dumps(kept, separators=(',', ':')).encode()
text += b' ' * (-len(text) % 8)
open(sys.argv[2], 'wb').write(struct.pack('<Q', len(text)) + text + out)
END
    python3 strip.py free.nq old.nq
    python3 strip.py belief.nq plain.nq
    refuses a_free_variance_that_was_not_measured 1 'variance-form free' sample old.nq --steps 8
    succeeds all_its_steps_are_taken sample old.nq -n 70 -o old.csv
    run sample free.nq -n 70 --steps 40 -o new.csv
    holds which_are_those_of_before cmp old.csv new.csv
    succeeds it_is_measured steps old.nq pair.csv -o new.nq
    succeeds and_then_takes_fewer sample new.nq -n 70 --steps 8 -o few.csv
    succeeds a_belief_needs_no_measuring sample plain.nq -n 70 --steps 8 -o few.csv
fi
finish

#!/usr/bin/env bash
# exact.sh - what the program says about models whose laws are known in closed form or summed over
# all states (tests/exact): bounds, likelihoods, scores, samples and posteriors.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
exact=$(dirname "$noneq")/tests/exact

holds a_normal_model_is_written "$exact/exact_gaussian" write
run eval normal.nq rows.csv --json --terms 20000
holds the_bound_of_a_normal_model_is_exact "$exact/exact_gaussian" bound out
run eval normal.nq rows.csv --json --terms 200 --ais 64
holds the_likelihood_of_a_normal_model_is_exact "$exact/exact_gaussian" likelihood out
run score normal.nq rows.csv -o scores.csv --ais 256
holds the_likelihood_of_normal_rows_is_exact "$exact/exact_gaussian" rows scores.csv
run score normal.nq rows.csv -o bounds.csv --terms 2000
holds the_bound_of_normal_rows_is_exact "$exact/exact_gaussian" bounds bounds.csv
run sample normal.nq -n 20000 -o sample.csv
holds samples_have_the_moments_of_the_normal_law "$exact/exact_gaussian" sample sample.csv
run impute normal.nq gaps.csv --draws 4000 -o draws.csv
holds imputed_numbers_follow_the_conditional_law "$exact/exact_gaussian" impute draws.csv
head -n 4 rows.csv >noisy.csv
run denoise normal.nq noisy.csv --sigma 0.5 --draws 4000 -o draws.csv
holds denoised_numbers_follow_the_posterior_law "$exact/exact_gaussian" denoise draws.csv

holds a_model_of_bits_is_written "$exact/exact_bits" write
run eval bits.nq some.csv --json --terms 20000
holds the_bound_of_a_model_of_bits_is_exact "$exact/exact_bits" bound out
run eval bits.nq some.csv --json --terms 200 --ais 256
holds the_likelihood_of_a_model_of_bits_is_exact "$exact/exact_bits" likelihood out
run score bits.nq all.csv -o scores.csv --ais 256
holds the_likelihood_of_every_state_is_exact "$exact/exact_bits" rows scores.csv
run sample bits.nq -n 50000 -o sample.csv
holds samples_have_the_frequencies_of_the_law "$exact/exact_bits" sample sample.csv
run impute bits.nq gaps.csv --draws 4000 -o draws.csv
holds imputed_bits_follow_the_conditional_law "$exact/exact_bits" impute draws.csv
head -n 3 some.csv >noisy.csv
run denoise bits.nq noisy.csv --flip 0.2 --draws 4000 -o draws.csv
holds denoised_bits_follow_the_posterior_law "$exact/exact_bits" denoise draws.csv
finish

# bench_tables.py - figures and methods of the bench of tables where the answers are known.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
"""bench_tables.py FOLDER: prints "ok SENTENCE", "not SENTENCE" or "skip SENTENCE" lines."""
import importlib.util
import sys

sys.path.insert(0, sys.argv[1])
import numpy as np

import densities
import filling
import figures
import generate
import methods
import sets


def say(sentence, true):
    print("ok" if true else "not", sentence)


def table(n, seed):
    columns, _ = generate.draw(n, seed)
    return {name: np.array(cells).astype(str).astype(object) for name, cells in columns.items()}


def figures_check(one, other, alone, kinds):
    say("a_table_has_no_distance_from_itself",
        figures.shape(one, one, kinds) == 0 and figures.trend(one, one, kinds) == 0)
    say("order_of_rows_counts_for_nothing", figures.trend(
        one, {name: cells[::-1] for name, cells in one.items()}, kinds) < 1e-12)
    say("shuffled_columns_have_their_shape_and_lose_their_trend",
        figures.shape(one, alone, kinds) == 0
        and figures.trend(one, alone, kinds) > 1.2 * figures.trend(one, other, kinds))
    gaps, none = np.array([np.nan, 1, 2, 3]), np.array([0., 1, 2, 3])
    say("a_gap_is_no_number", figures.kolmogorov(gaps, none) == .25)
    say("total_variation_counts_levels_of_either", figures.variation(*figures.codes(
        np.array(["a", "a", "b", "b"]), np.array(["a", "c", "c", "c"]))) == .75)
    say("ties_count_half_in_an_area",
        figures.area(np.array([0, 1, 0, 1]), np.array([1., 1, 0, 2])) == .875)


def densities_check():
    rng = np.random.default_rng(3)
    columns = {"die": rng.integers(1, 7, 5000).astype(str), "tens": 10 * rng.integers(0, 4, 5000)}
    spread = densities.Spread(columns, dict(die=1, tens=None), rng)
    say("the_commonest_difference_is_a_step", list(spread.step) == [1, 10])
    # The law of points that are spread over cells of a fair die, in deviations.
    log_density = np.log(spread.deviation / (spread.step * [6, 4])).sum()
    say("a_cell_has_the_probability_of_its_points",
        abs(spread.bits(log_density) + np.log2(24)) < 1e-9)
    recorded = np.stack([sets.numbers(cells) for cells in columns.values()], 1)
    say("points_go_back_to_their_cells", np.allclose(spread.cells(spread.train), recorded))


def filling_check():
    rng = np.random.default_rng(5)
    draws, truth = rng.normal(size=(20, 20000)), rng.normal(size=20000)
    say("draws_of_the_law_cover_what_they_say",
        abs(filling.covered(draws, truth, rng).mean() - .9) < .01)
    same = filling.covered(np.round(draws), np.round(truth), rng).mean()
    say("equal_numbers_do_not_count_for_draws", abs(same - .9) < .01)
    say("the_crps_of_a_normal_law_is_known",
        abs(filling.crps(draws, truth).mean() - np.pi ** -.5) < .01)
    say("of_one_value_it_is_the_distance",
        filling.crps(np.array([[1., 3.]]), np.array([2., 5.])).tolist() == [1, 2])
    text = lambda *cells: np.array(cells, dtype=object)
    kinds = dict(x="number", town="category")
    out = filling.figures(
        dict(x=text("1", "4"), town=text("a", "b")), dict(x=text("", "4"), town=text("", "")),
        dict(row=text("0", "0", "0", "1", "1", "1"), draw=text(*"012012"),
             x=text("1", "2", "3", "4", "4", "4"), town=text(*"aabcbc")),
        dict(x=text("0", "2"), town=text("a", "b")), kinds)
    say("hidden_cells_alone_are_judged", out["draws"] == 3 and abs(out["rmse"] - 1) < 1e-12
        and out["cells"]["square"] == 1 and out["accuracy"] == .5
        and abs(out["agree"] - .5) < 1e-12)
    say("rare_values_are_told_as_the_nearest", filling.seen(
        text("3", "9", ""), text(*"33333" "44444" "9"), "number").tolist() == ["3", "4", ""])


def trees_check(one, other, alone, kinds):
    if not importlib.util.find_spec("lightgbm"):
        print("skip trees_tell_what_is_drawn: no lightgbm")
        return
    say("trees_cannot_tell_rows_of_one_law", abs(figures.c2st(one, other, kinds) - .5) < .08)
    say("trees_tell_shuffled_columns", figures.c2st(one, alone, kinds) > .8)
    about = dict(kinds=kinds, target="bought", task="class")
    say("rows_of_the_law_teach_more_than_shuffled_columns",
        figures.usefulness(other, one, about) > .1 + figures.usefulness(other, alone, about))


def closeness_check(one, other, kinds):
    if not importlib.util.find_spec("sklearn"):
        print("skip a_copy_is_nearest_to_training: no scikit-learn")
        return
    third = table(600, 3)
    say("a_copy_is_nearest_to_training", figures.closeness(one, other, one, kinds) > .99)
    say("a_new_row_is_near_to_either",
        abs(figures.closeness(one, other, third, kinds) - .5) < .08)


def law_check():
    law = generate.Law(4000, 1)
    k, bits = law.binomial(6, np.full(4000, .3)), law.bits
    first = [bits[np.argmax(k == i)] for i in np.unique(k)]
    say("probabilities_of_a_law_sum_to_one", abs(sum(2 ** b for b in first) - 1) < 1e-9)
    # The mean of q / p under p is 1 for any law q: here q has the mean one deviation off.
    law = generate.Law(400000, 2)
    x = law.normal(1., 2.)
    log_q = -((x - 2) ** 2 / 8 + np.log(2 * np.sqrt(2 * np.pi))) / np.log(2)
    say("a_density_of_a_law_is_one", abs((2 ** (log_q - law.bits)).mean() - 1) < .01)
    say("a_law_is_drawn_the_same_again", all((a == b).all() for a, b in zip(
        table(50, 4).values(), table(50, 4).values())))


def methods_check(one, kinds):
    coded, draw = methods.Coded(one, kinds), np.random.default_rng
    again = methods.training(coded, 600, draw(1))
    say("training_rows_again_are_all_of_them",
        sorted(zip(*again.values())) == sorted(zip(*one.values())))
    back = coded.table(coded.scaled())
    say("scaled_rows_come_back_as_they_were",
        all((back[name] == one[name]).all() for name in ("city", "age", "bought")))
    names = ["cart", "smote", "mixture"] if importlib.util.find_spec("sklearn") else []
    for name in ["independent", *names]:
        method = methods.METHODS[name]
        first, second = (method(coded, 300, draw(7)) for _ in range(2))
        say(f"{name}_draws_rows_of_the_columns_and_the_same_again",
            list(first) == list(one) and all(len(x) == 300 for x in first.values())
            and set(first["job"]) <= set(one["job"])
            and all((first[c] == second[c]).all() for c in first))


def main():
    one, other = table(600, 1), table(600, 2)
    kinds = sets.about(one, "bought", "class")["kinds"]
    rng = np.random.default_rng(1)
    alone = {name: rng.permutation(cells) for name, cells in one.items()}
    say("texts_are_categories_and_counts_numbers", kinds["city"] == kinds["bought"] == "category"
        and kinds["visits"] == kinds["income"] == "number")
    figures_check(one, other, alone, kinds)
    trees_check(one, other, alone, kinds)
    closeness_check(one, other, kinds)
    densities_check()
    filling_check()
    law_check()
    methods_check(one, kinds)


main()

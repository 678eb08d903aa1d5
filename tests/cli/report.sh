#!/usr/bin/env bash
# report.sh - noneq report: one page on a model and rows, whole by itself, whatever names they have.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

small=(--updates 400 --hidden 16 --steps 12 --batch 64 --threads 1 -q)
quick=(--threads 1 --max-rows 200 --samples 200 --ais 22 --permutations 9 -q)

# well_formed FILE: tags are closed in order, and no attribute or text breaks out of its place.
cat >well_formed.py <<'PYTHON'
import html.parser, sys
EMPTY = {'meta', 'img', 'br'}
class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.tags, self.ids, self.rows = [], {}, set(), []
    def handle_starttag(self, tag, attributes):
        assert tag not in ('script', 'link', 'iframe', 'object', 'b1'), tag
        self.tags[tag] = self.tags.get(tag, 0) + 1
        for key, value in attributes:
            assert not key.startswith('on'), key
            assert key != 'src' or value.startswith('data:image/png;base64,'), value
            assert key != 'href' or value.startswith('#'), value
            if key == 'id':
                assert value not in self.ids, value
                self.ids.add(value)
        if tag == 'th':
            assert dict(attributes).get('scope') in ('row', 'col'), attributes
        if tag not in EMPTY:
            self.open.append(tag)
    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in EMPTY:
            self.open.pop()
    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open, self.getpos())
        self.open.pop()
raw = open(sys.argv[1], 'rb').read()
text = raw.decode('utf-8')
page = Page()
page.feed(text)
assert not page.open, page.open
assert text.startswith('<!DOCTYPE html>') and '<html lang="en">' in text
assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in text
assert page.tags['h1'] == 1 and page.tags['title'] == 1
assert all(c in '\n' or c >= ' ' for c in text), 'a control character'
assert not any(0x202a <= ord(c) <= 0x202e or 0x2066 <= ord(c) <= 0x2069 for c in text)
assert len(raw) < int(sys.argv[2] if len(sys.argv) > 2 else 2000000), len(raw)
PYTHON

table_of_kinds 800 1 >train.csv
table_of_kinds 300 2 >test.csv
"$noneq" train train.csv -o m.nq "${small[@]}" --roles 1 || exit 1

succeeds a_page_is_made report m.nq train.csv --test test.csv -o page.html "${quick[@]}"
holds it_prints_nothing test ! -s out
holds it_is_whole_and_needs_nothing python3 well_formed.py page.html
for id in facts columns pairs differ bits ais calibration nearest training options; do
    prints "it_has_the_section_$id" "<section id=\"$id\"" page.html
done
prints with_the_training_curve 'aria-label="K while the model was trained"' page.html
prints and_nearest_rows_side_by_side 'training row, [0-9.e-]+ apart' page.html
run report m.nq train.csv --test test.csv -o again.html "${quick[@]}" --threads 2
holds the_same_input_gives_the_same_page cmp page.html again.html
run report m.nq train.csv --test test.csv -o other.html "${quick[@]}" --seed 2
differs another_seed_draws_other_rows page.html other.html
run report m.nq train.csv --test test.csv -o - "${quick[@]}"
holds a_dash_is_standard_output cmp page.html out

succeeds numbers_are_given_as_json report m.nq train.csv --test test.csv --json "${quick[@]}"
mv out page.json
holds with_what_the_page_says json_has page.json \
    '(set(v) >= {"model", "data", "test", "rows", "summary", "evaluation", "columns", "pairs",
        "differences", "check", "nearest", "curve", "version", "kernels"}
        and v["rows"] == 300 and v["looked_at"] == 200 and v["rows_are"] == "others")'
holds each_column_has_its_figures json_has page.json \
    '([(c["name"], c["kind"]) for c in v["columns"]] == [("town", "category"), ("on", "bit"),
        ("count", "whole"), ("amount", "spiked"), ("x", "real")] and all(
        0 <= c["distance"] <= 1 and c["bits_se"] > 0 for c in v["columns"]))'
holds bits_by_column_add_up_to_k json_has page.json \
    'abs(sum(c["bits"] for c in v["columns"]) - v["evaluation"]["bound"]["bits"]) < 1e-6'
holds parts_add_up json_has page.json \
    '(all(abs(sum(c["figure"][k]) - 1) < 1e-9 for c in v["columns"][:2]
        for k in ("parts_rows", "parts_samples")))'
holds all_pairs_have_the_measure_of_their_kinds json_has page.json \
    '(len(v["pairs"]) == 10 and {(p["first"], p["second"]): p["measure"] for p in v["pairs"]}[
        ("x", "town")] == "correlation_ratio" and {p["measure"] for p in v["pairs"]} ==
        {"correlation_ratio", "spearman"})'
holds the_widest_gaps_come_first json_has page.json \
    '[p["gap"] for p in v["pairs"]] == sorted((p["gap"] for p in v["pairs"]), reverse=True)'
holds trajectories_say_how_far_to_trust_them json_has page.json \
    '"khat" in v["evaluation"]["ais"] and v["evaluation"]["ais"]["samples"] == 22'
holds the_curve_rises json_has page.json \
    'len(v["curve"]) > 1 and v["curve"][-1]["train_bits"] > v["curve"][0]["train_bits"]'
succeeds json_goes_to_a_file_too \
    report m.nq train.csv --test test.csv --json -o o.json "${quick[@]}"
holds the_same cmp o.json page.json

# What the measures are, on rows that are known: y is x, z is noise, g is a letter for x's sign.
awk 'BEGIN { srand(3); print "x,y,z,g,h"; for (i = 0; i < 400; i++) { x = rand() - .5
    g = x > 0 ? "a" : "b"; h = x > 0 ? "u" : "v"
    printf "%.6f,%.6f,%.6f,%s,%s\n", x, x * x * x, rand(), g, h } }' >known.csv
"$noneq" train known.csv -o known.nq "${small[@]}" || exit 1
run report known.nq known.csv --json "${quick[@]}" --max-rows 400
holds known_pairs_have_their_known_measures json_has out \
    '(lambda p: abs(p["y", "x"] - 1) < 1e-5 and abs(p["z", "x"]) < .15 and p["h", "g"] > .99
        and .8 < p["g", "x"] < .9)({(q["first"], q["second"]): q["rows"] for q in v["pairs"]})'
holds rows_of_the_training_are_known json_has out 'v["rows_are"] == "training"'
holds they_are_compared_among_themselves json_has out \
    'v["nearest"]["leaves_out"] and v["nearest"]["rows"]["copies"] == 0'
run report known.nq known.csv -o known.html "${quick[@]}"
prints and_the_page_says_so 'these rows trained the model' known.html
prints and_in_the_facts 'The model was trained on these rows' known.html

# The page tells a copy: rows to judge by are others, and what is drawn is the training rows again.
"$noneq" data mixture -n 60 --dim 3 -o few.csv || exit 1
"$noneq" data mixture -n 300 --dim 3 --seed 2 -o fresh.csv || exit 1
"$noneq" train few.csv -o copy.nq --regressor kernel --steps 8 --threads 1 -q || exit 1
run report copy.nq few.csv --test fresh.csv --json "${quick[@]}"
holds a_model_that_keeps_its_rows_is_nearer_to_them json_has out \
    'v["nearest"]["samples"]["median"] < v["nearest"]["rows"]["median"]'

# Hostile names, texts and titles.
python3 - <<'PYTHON'
import csv, random
random.seed(4)
names = ['<script>alert(1)</script>', 'a"b\'c', ']]><b1>', 'two\nlines', '\u202eright',
         '&amp;', 'x' * 300]
levels = ['</td><script>', '"><img src=x onerror=y>', '\u2067\u05d0', 'a\tb']
with open('hostile.csv', 'w', newline='') as file:
    out = csv.writer(file)
    out.writerow(names)
    for i in range(300):
        out.writerow([random.choice(levels), random.random(), random.gauss(0, 1),
                      random.choice(levels[:2]), random.random(), random.randint(0, 1),
                      random.choice(['u', 'v'])])
PYTHON
"$noneq" train hostile.csv -o hostile.nq "${small[@]}" || exit 1
succeeds hostile_names_are_no_obstacle report hostile.nq hostile.csv -o hostile.html \
    "${quick[@]}" --title '<title></title><script>'
holds they_are_shown_harmlessly python3 well_formed.py hostile.html
prints as_they_are '&lt;script&gt;alert\(1\)&lt;/script&gt;' hostile.html
prints directions_as_numbers '\\xe2\\x80\\xaeright' hostile.html
run report hostile.nq hostile.csv --json "${quick[@]}"
holds json_has_them_too json_has out 'v["columns"][0]["name"].startswith("<script>")'

# Other kinds of models.
"$noneq" data heartbeat -n 300 -o bits.csv || exit 1
"$noneq" train bits.csv -o b.nq "${tiny[@]}" --threads 1 -q || exit 1
succeeds bits_have_a_page report b.nq bits.csv -o bits.html "${quick[@]}"
holds whole_too python3 well_formed.py bits.html
"$noneq" data gaussian -n 300 --dim 3 --noise .5 -o g.csv || exit 1
"$noneq" train g.csv -o g.nq "${tiny[@]}" --threads 1 --kernel gaussian -q || exit 1
succeeds real_numbers_have_a_page report g.nq g.csv --json "${quick[@]}" --max-rows 300
mv out g.json
run eval g.nq g.csv --units data --json --threads 1 -q
holds in_the_units_of_the_data json_has g.json \
    "(abs(v['evaluation']['bound']['bits'] - $(bits_of bound out)) < .2
        and abs(sum(c['bits'] for c in v['columns']) - v['evaluation']['bound']['bits']) < 1e-3)"
awk -F, 'BEGIN { OFS = "," } NR % 3 == 0 { $2 = "" } { print }' g.csv >gaps.csv
run report g.nq gaps.csv --json "${quick[@]}" --max-rows 300
holds rows_with_gaps_are_left_out_of_k json_has out \
    'v["gaps"] == 100 and v["evaluation"]["rows"] == 200'
awk -F, 'BEGIN { OFS = "," } { $2 = "" } { print }' g.csv >all_gaps.csv
run report g.nq all_gaps.csv -o all_gaps.html "${quick[@]}"
holds where_all_rows_have_gaps_the_page_says_so test "$code" -eq 0
prints in_the_place_of_k 'Left out: every row has a gap' all_gaps.html
awk 'BEGIN { srand(9); print "day,n"; for (i = 0; i < 300; i++) printf "2024-%02d-%02d,%d\n",
    1 + int(12 * rand()), 1 + int(28 * rand()), 50 * rand() }' >days.csv
"$noneq" train days.csv -o days.nq "${small[@]}" || exit 1
run report days.nq days.csv -o days.html "${quick[@]}"
# Ticks of numbers that are large and lie near each other, and of negative ones.
awk 'BEGIN { srand(8); print "far,x"; for (i = 0; i < 300; i++)
    printf "%.0f,%.3f\n", 4e12 + 1e7 * rand() * rand(), 9 * rand() - 12 }' >far.csv
"$noneq" train far.csv -o far.nq "${small[@]}" --types far=real || exit 1
run report far.nq far.csv -o far.html "${quick[@]}" --max-rows 300
tr '<' '\n' <far.html | sed -n 's/^text class="n"[^>]*>//p' >ticks
holds ticks_of_large_numbers_differ test "$(grep -c 'e+12 + ×10⁶' ticks)" -eq 1 \
    -a "$(grep -c '^1[02468]$' ticks)" -gt 2 -a -z "$(grep 'e+12' ticks | sort | uniq -d)"
holds a_minus_is_a_minus test "$(grep -c '^−[0-9]' ticks)" -gt 2 -a "$(grep -c '^-' ticks)" -eq 0
prints dates_are_dates '>2024-0[0-9](-[0-9]{2})?</text>' days.html
awk 'BEGIN { srand(9); print "id,at"; for (i = 0; i < 300; i++)
    printf "%.3f,2024-05-01 %02d:30:00\n", 17000000000 + 100 * rand(), 6 + int(15 * rand())
    }' >narrow.csv
"$noneq" train narrow.csv -o narrow.nq "${small[@]}" || exit 1
run report narrow.nq narrow.csv -o narrow.html "${quick[@]}" --ais 0
prints what_labels_have_in_common_stands_once '>1[67][0-9]{9} \+</text>' narrow.html
prints and_the_day_of_hours '>2024-05-01</text>' narrow.html
prints hours_differ '>(09|12):00</text>' narrow.html
"$noneq" data deadleaves -n 30 --size 8 -o leaves.npy || exit 1
"$noneq" train leaves.npy -o leaves.nq --updates 2 --steps 4 --threads 1 -q 2>/dev/null || exit 1
succeeds pictures_have_a_page report leaves.nq leaves.npy -o leaves.html "${quick[@]}"
holds with_sheets_in_it python3 well_formed.py leaves.html
prints to_which_a_link_leads '<a href="#nearest">' leaves.html
prints beside_the_nearest 'Samples, and training pictures below' leaves.html
python3 - <<'PYTHON'
import base64, re, struct
page = open('leaves.html').read()
for data in re.findall('data:image/png;base64,([^"]*)', page):
    png = base64.b64decode(data)
    width, height = struct.unpack('>II', png[16:24])
    assert png[:8] == b'\x89PNG\r\n\x1a\n' and png[-8:-4] == b'IEND' and width > 8 and height > 8
    open('leaves.ok', 'a').write('x')
PYTHON
holds as_png_pictures test "$(cat leaves.ok)" = xxx
# 100 columns.
awk 'BEGIN { srand(6); for (i = 0; i < 200; i++) for (c = 0; c < 100; c++)
    printf "%.4f%s", rand() + (c % 7) * (i % 2), c < 99 ? "," : "\n" }' >wide.csv
"$noneq" train wide.csv -o wide.nq "${tiny[@]}" --threads 1 -q || exit 1
run report wide.nq wide.csv -o wide.html "${quick[@]}" --ais 0
holds a_hundred_columns_are_below_two_megabytes python3 well_formed.py wide.html 2000000
prints without_trajectories_it_says_so 'was not asked for \(--ais 0\)' wide.html

# Refusals.
refuses a_page_needs_a_file 2 '-o FILE is missing' report m.nq train.csv
refuses data_are_no_output 1 'train.csv.*would be overwritten' report m.nq train.csv -o train.csv
refuses nor_is_the_test 1 'test.csv.*would be overwritten' report m.nq train.csv --test test.csv \
    -o ./test.csv
refuses nor_is_the_model 1 'm.nq.*would be overwritten' report m.nq train.csv -o m.nq
refuses a_page_is_no_pdf 1 "'page.pdf' says no format of pages: expected .html" \
    report m.nq train.csv -o page.pdf
refuses numbers_are_no_page 1 "'page.html' says no format of numbers: expected .json" \
    report m.nq train.csv --json -o page.html
refuses a_folder_that_is_not_there 1 "folder 'nowhere'" report m.nq train.csv -o nowhere/page.html
refuses rows_that_are_not_there 1 'none.csv' report m.nq none.csv -o page2.html
refuses too_few_rows_to_look_at 2 'max-rows' report m.nq train.csv -o page2.html --max-rows 3
sed '2,$s/^[^,]*,[A-Z][a-z]*,/r,Nice,/' test.csv >nice.csv
refuses rows_that_are_all_impossible 1 'every row is impossible' \
    report m.nq nice.csv -o page2.html "${quick[@]}"
holds a_failed_page_is_not_there test ! -e page2.html
holds inputs_are_as_they_were cmp test.csv <(table_of_kinds 300 2)
succeeds it_has_help report --help
finish

#!/usr/bin/env bash
# hostile.sh - model files and checkpoints of somebody who means harm: one sentence, little memory,
# no byte of theirs that a terminal obeys.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
has_python hostile_files_are_refused || { finish; exit; }

small=(--hidden 4 --steps 5 --updates 40 --batch 64 --threads 1 -q)
"$noneq" data swissroll -n 200 -o roll.csv || exit 1
"$noneq" train roll.csv -o good.nq "${small[@]}" || exit 1
"$noneq" data heartbeat -n 200 -o bits.csv || exit 1
"$noneq" train bits.csv -o bits.nq "${small[@]}" || exit 1
kinds_table >kinds.csv
"$noneq" train kinds.csv -o kinds.nq "${kinds[@]}" "${small[@]}" || exit 1

# checkpoint NAME OPTIONS...: one that a run leaves when it is killed.
checkpoint()
{
    local name=$1 pid
    shift
    "$noneq" train roll.csv -o "$name.nq" --hidden 4 --steps 5 --batch 64 --threads 1 -q \
        --valid 0 --updates 100000000 --checkpoint-every 0.001 "$@" &
    pid=$!
    wait_for "$name.nq.checkpoint"
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
    mv "$name.nq.checkpoint" "$name.kept"
}
checkpoint plain
checkpoint banks --readout per-step --share 2 --schedule learned

cat >spoil.py <<'EOF'
"""Writes hostile files: models into refused/ and read/, checkpoints into checkpoints/."""
import copy, json, math, os, struct
def load(path):
    b = open(path, 'rb').read()
    n = struct.unpack('<Q', b[:8])[0]
    return json.loads(b[8:8 + n]), b[8 + n:]
def save(path, header, data):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    open(path, 'wb').write(struct.pack('<Q', len(text)) + text + data)
for folder in ('refused', 'read', 'checkpoints'):
    os.makedirs(folder, exist_ok=True)
header, data = load('good.nq')
inner = json.loads(header['__metadata__']['noneq'])
def model(name, change, into='refused', data=data, of=(header, inner)):
    h, i = copy.deepcopy(of[0]), copy.deepcopy(of[1])
    text = change(i, h)
    h['__metadata__']['noneq'] = text if isinstance(text, str) else json.dumps(i)
    save('%s/%s.nq' % (into, name), h, data)
def put(*path):
    def change(i, h):
        o = i
        for key in path[:-2]:
            o = o[key]
        o[path[-2]] = path[-1]
    return change
for name, value in (('steps', 9e15), ('steps', -1), ('steps', 2.5), ('beta_1', -1), ('beta_1', 2),
                    ('activity', 5), ('dequantize', -5), ('dequantize', 1e308), ('learn_last', 2),
                    ('hidden', '16000,16000'), ('hidden', '65536,65536'),
                    ('hidden', '4' + ',4' * 200),
                    ('kernel', 'binomial'), ('kernel', 'nosuch'), ('regressor', 'image'),
                    ('regressor', ''), ('mean_form', 'z'), ('model_seed', '1e300'),
                    ('model_seed', 'x'), ('layers', True), ('readout', 'per-step')):
    model('option_%s_%s' % (name, str(value)[:12]), put('options', name, value))
for k, value in enumerate((2, 0, '1', None, 1e300)):
    model('format_%d' % k, put('format', value))
model('no_format', lambda i, h: i.pop('format') and None)
model('no_options', lambda i, h: i.pop('options') and None)
model('jacobian_infinite', lambda i, h: json.dumps(i).replace(
    '"log_jacobian": %r' % i['scaling']['log_jacobian'], '"log_jacobian": 1e999'))
model('jacobian_wrong', put('scaling', 'log_jacobian', 1.5))
for k, beta in enumerate(([0, .1, .1, .1, .5], [1, .1, .1, .1, .5], [.1, .1, .1, .1, 2],
                          [.1, .1, .1, .1, .9999], [.5], [])):
    model('rates_%d' % k, put('schedule', 'beta', beta))
model('rates_many', put('schedule', 'beta', [.01] * 100001))
for k, deviation in enumerate(([1e308, 1], [5e-324, 1], [-1, 1], [0, 0], [1], [])):
    model('deviations_%d' % k, put('scaling', 'deviation', deviation))
model('records', lambda i, h: i['training'].update({'k%d' % k: 'v' for k in range(2000)}))
model('values', lambda i, h: i['training'].update({'k': ',' * 2000000}))
def empty(i, h):
    for name in list(h):
        if name != '__metadata__':
            h.pop(name)
model('no_tensors', empty, data=b'')
model('nan', lambda i, h: None, data=struct.pack('<f', math.nan) + data[4:])
def rename(i, h):
    h['\x1b]0;T\x07\x1b[31mevil\nnoneq: well\x9b2J'] = {**h.pop('input.weight'), 'shape': [9]}
model('name', rename)
model('type', lambda i, h: h['input.bias'].update(dtype='\x1b[31mF16'))
bits = load('bits.nq')
wide = (bits[0], json.loads(bits[0]['__metadata__']['noneq']))
def tables(i, h):
    n = 4000
    i['activity'] = [.1 + k / 10000 for k in range(n)]
    i['scaling'] = {'mean': [0] * n, 'deviation': [1] * n, 'log_jacobian': 0}
    i['schedule'] = {'beta': [.01] * 20000}
    i['options']['schedule'] = 'linear'
model('tables', tables, of=wide, data=bits[1])
def texts(i, h):
    i['training'].update({'\x1b]0;X\x07key': '\x1b[31mRED\x1b[2J', 'x\ny': 'a\nb\r\x08\x7f\x9b'})
    i['options']['schedule'] = '\x1b[31mS'
model('texts', texts, 'read')
model('columns', lambda i, h: i['scaling'].update(names=['\x1b[2Jcol', 'b\n c\x9b']), 'read')
table = load('kinds.nq')
codes = (table[0], json.loads(table[0]['__metadata__']['noneq']))
kind = [c['kind'] for c in codes[1]['codes']]
assert kind == ['category', 'category', 'bit', 'spiked', 'spiked', 'real'], kind
assert 'follows' in codes[1]['codes'][1]
TOWN, CODE, FLAG, N, GAIN, X = range(6)
def code(name, change, into='refused'):
    model('codes_' + name, lambda i, h: change(i['codes']) and None, into, table[1], codes)
def has(name, column, key, value):
    code(name, lambda c: c[column].update({key: value}))
frequency = codes[1]['codes'][TOWN]['frequency']
for k, value in enumerate(([0] + frequency[1:], [-f for f in frequency], frequency[:-1],
                           [f / 2 for f in frequency], [1e300] * 4, ['x'] * 4, {}, None)):
    has('frequency_%d' % k, TOWN, 'frequency', value)
for k, value in enumerate(([0, 1, None, None], [0, 1, 1, None], [0, 1, 'other', None], [0, 1, 2],
                           [0, 1, 5, None], [0, .5, 2, None], [0, -1, 2, None], [], 'x', 7,
                           list(range(5000)), [0, 1, 'x', None], [0, 1, [2], None])):
    has('levels_%d' % k, TOWN, 'levels', value)
for k, value in enumerate((['a', 'b'], ['a', 'b', 3], 'abc', [], ['a'] * 5000)):
    has('texts_%d' % k, TOWN, 'texts', value)
gain = codes[1]['codes'][GAIN]['levels']
has('other_first', GAIN, 'levels', gain[::-1])
has('no_other', GAIN, 'levels', list(range(len(gain))))
for key in ('levels', 'warp', 'frequency'):
    code('spiked_without_' + key, lambda c: c[GAIN].pop(key))
    code('all_without_' + key, lambda c: [x.pop(key, 0) for x in c])
has('kind', X, 'kind', '\x1b[31mreal')
has('number_is_category', X, 'kind', 'category')
has('category_is_number', TOWN, 'kind', 'whole')
has('bit_is_spiked', FLAG, 'kind', 'spiked')
def warp(name, key, value, column=N):
    code('warp_%s' % name, lambda c: c[column]['warp'].update({key: value}))
knots = codes[1]['codes'][N]['warp']
for key in ('x', 'y'):
    up = knots[key]
    for k, value in enumerate((up[::-1], up[:-1], up + up[-1:], [up[0]] * len(up), [],
                               [1e308] * len(up), [-1e308] + up[1:], up * 500, 'x',
                               ['x'] * len(up))):
        warp('%s_%d' % (key, k), key, value)
for key, values in (('step', (-1, 1e-300, 1e300, 'x', None)), ('least', (1e300, 900)),
                    ('most', (-5, 1e300)), ('offset', (1e300, 'x')), ('kind', ('linear', 3))):
    for k, value in enumerate(values):
        warp('%s_%d' % (key, k), key, value)
warp('slope', 'slope', [-1, 1], X)
warp('flat', 'slope', [0, 0], X)
follows = codes[1]['codes'][CODE]['follows']
for k, (column, values) in enumerate(((CODE, follows['values']), (99, follows['values']),
                                      (-1, follows['values']), (.5, follows['values']),
                                      (N, follows['values']), (GAIN, [7, 8]), (FLAG, [7, 8, 9]),
                                      (TOWN, [55] * 4), (TOWN, follows['values'][:2]),
                                      (TOWN, 'x'), (TOWN, [['x']] * 4))):
    has('follows_%d' % k, CODE, 'follows', {'column': column, 'values': values})
def cycle(c):
    c[TOWN]['follows'] = {'column': CODE, 'values': [0] * len(c[CODE]['levels'])}
code('cycle', cycle)
code('few', lambda c: c.pop())
code('many', lambda c: c.append(c[X]))
def more(c):
    c[TOWN]['levels'].append(3)
    c[TOWN]['texts'].append('Paris')
    c[TOWN]['frequency'] = [.2] * 5
    c[CODE]['follows']['values'].append(c[CODE]['levels'][0])
code('over_the_tensors', more)
def wide(c):
    n = 4098
    c[TOWN].update(levels=list(range(n)), texts=['t%d' % k for k in range(n)],
                   frequency=[1 / n] * n)
    c[CODE].pop('follows')
code('wide', wide)
def constants(c):
    for x in c:
        x.clear()
        x.update(kind='constant', levels=[1], frequency=[1])
code('constants', constants)
model('codes_none', lambda i, h: i.pop('codes') and None, data=table[1], of=codes)
model('codes_null', lambda i, h: i.update(codes=None), data=table[1], of=codes)
model('codes_text', lambda i, h: i.update(codes='x'), data=table[1], of=codes)
model('codes_gaussian', put('options', 'kernel', 'gaussian'), data=table[1], of=codes)
model('codes_binomial', put('options', 'kernel', 'binomial'), data=table[1], of=codes)
model('codes_of_numbers', lambda i, h: i.update(codes=codes[1]['codes'][:2]))
model('mixed_without_codes', put('options', 'kernel', 'mixed'))
save('refused/amplified.nq', b'{"a":[' + b'[],' * 3000000 + b'[]]}', b'')
save('refused/deep.nq', b'{"a":' + b'[' * 100000 + b']' * 100000 + b'}', b'')

values = ('-1', '0', '0.5', '1e-300', '2', '1e300', '9223372036854775807')
for kind in ('plain', 'banks'):
    header, data = load(kind + '.kept')
    run = json.loads(header['__metadata__']['train'])
    def checkpoint(name, change, data=data):
        h, r = copy.deepcopy(header), copy.deepcopy(run)
        change(r)
        h['__metadata__']['train'] = json.dumps(r)
        save('checkpoints/%s_%s.keep' % (kind, name), h, data)
    for field in run['options'] if kind == 'plain' else ():
        for value in values:
            checkpoint('%s_%s' % (field, value), lambda r: r['options'].update({field: value}))
    for field in run:
        if field != 'options' and kind == 'banks':
            for k, value in enumerate((-1, .5, 1e300, 9e15, None, 'x')):
                checkpoint('%s_%d' % (field, k), lambda r: r.update({field: value}))
    for name, tensor in header.items():
        if name.startswith('train.'):
            begin, end = tensor['data_offsets']
            for k, byte in enumerate((b'\xff', b'\x7f')):
                checkpoint('%s_%d' % (name, k), lambda r: None,
                           data[:begin] + byte * (end - begin) + data[end:])
EOF
python3 spoil.py || exit 1

# raw FILE...: bytes that a terminal may obey.
raw()
{
    LC_ALL=C grep -qP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$@"
}

memory=$(memory_most 600000)
bad=
for file in refused/*.nq; do
    (ulimit -v "$memory"; exec "$noneq" info "$file" >out 2>err)
    code=$?
    test "$code" -eq 1 && ! test -s out && test "$(wc -l <err)" -eq 1 &&
        grep -q '^noneq: ' err && ! raw err || bad+=" $file:$code"
done
expect_nothing hostile_models_are_refused_with_one_printable_sentence "$bad"

refuses a_model_of_a_later_format_is_named 1 'a model file of format 2 .*reads formats up to 1' \
    info refused/format_0.nq

bad=
for file in read/*.nq; do
    run info "$file"
    test "$code" -eq 0 && ! raw out err || bad+=" $file:$code"
    run info "$file" --json
    tr '\t' ' ' <out >spaces # the program's own
    test "$code" -eq 0 && ! raw spaces err && json_has out 'v["options"]' ||
        bad+=" $file:json:$code"
    run eval "$file" roll.csv
    test "$code" -eq 0 && ! raw out err || bad+=" $file:eval:$code"
    run sample "$file" -n 2
    test "$code" -eq 0 || bad+=" $file:sample:$code"
done
expect_nothing texts_of_a_model_are_printed_without_what_a_terminal_obeys "$bad"

run info $'no\e[31mfile\n.nq'
holds a_path_is_printed_without_it_too eval '! raw err && test "$(wc -l <err)" -eq 1'
printf 'a\x1b[2J,b\n1,2\n3,x\n' >names.csv
run train names.csv -o m.nq
holds so_is_the_name_of_a_column eval '! raw err && test "$(wc -l <err)" -eq 1'

# A checkpoint is refused, or is one that the run can go on from (then the time is out).
bad=
ran=0
for file in checkpoints/*.keep; do
    cp "$file" m.nq.checkpoint
    case $file in
    */banks*) more=(--readout per-step --share 2 --schedule learned) ;;
    *) more=() ;;
    esac
    timeout 0.1 "$noneq" train roll.csv -o m.nq --resume --threads 1 -q --valid 0 >out 2>err
    code=$?
    ran=$((ran + 1))
    case $code in
    0 | 124) ;;
    1 | 2) test -s err && ! raw err || bad+=" $file:$code" ;;
    *) bad+=" $file:$code" ;;
    esac
    rm -f m.nq m.nq.checkpoint
done
expect_nothing "hostile_checkpoints_are_refused_or_harmless" "$bad"
holds many_were_tried test "$ran" -gt 200
for option in valid_every_0.5 valid_every_1e-300 dropout_2 share_1e300 batch_-1; do
    cp "checkpoints/plain_$option.keep" m.nq.checkpoint
    refuses "a_checkpoint_with_${option}_is_refused" 1 "not a usable checkpoint" \
        train roll.csv -o m.nq --resume --threads 1 -q --valid 0
    rm -f m.nq m.nq.checkpoint
done
finish

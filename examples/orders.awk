# orders.awk - 3000 orders of a shop that there is not, as CSV: awk -f examples/orders.awk >orders.csv
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
#
# Ids, towns, plans, dates, whole numbers, amounts, a discount that is mostly none, and gaps. Town
# and plan go together, as do plan, orders and amount.
function uniform()
{
    state = state * 16807 % 2147483647
    return state / 2147483647
}

BEGIN {
    state = 11
    split("Bern Oslo Rome Lyon", towns, " ")
    split("basic plus pro", plans, " ")
    print "customer,town,plan,joined,orders,discount,amount,happy"
    for (i = 1; i <= 3000; i++) {
        town = int(4 * uniform() * sqrt(uniform())) + 1
        plan = int((uniform() + uniform()) * (town < 3 ? 1.2 : 1.5)) + 1
        normal = sqrt(-2 * log(1 - uniform())) * cos(6.2831853 * uniform())
        orders = int(3 + 3 * plan + 1.5 * normal)
        if (orders < 1)
            orders = 1
        discount = uniform() < .75 - .2 * plan ? 0 : 5 * int(1 + 5 * uniform())
        amount = orders * (12 + 9 * plan) * exp(.25 * normal + .1 * uniform())
        happy = uniform() < .35 + .2 * plan ? "yes" : "no"
        day = sprintf("2025-%02d-%02d", 1 + int(12 * uniform() ^ (plan / 2)), 1 + int(28 * uniform()))
        printf "C%05d,%s,%s,%s,%d,%s,%.2f,%s\n", 10000 + i, uniform() < .06 ? "" : towns[town],
            plans[plan], uniform() < .1 ? "" : day, orders, discount, amount,
            uniform() < .15 ? "" : happy
    }
}

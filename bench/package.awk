# package.awk - a made-up package of any size, to plan.
#
# usage: awk -v folder=FOLDER -v items=2000 -v months=60 [-v sites=5] [-v share=0.8] [-v seed=1] -f bench/package.awk
#
# A four-level bill of material; an item takes two or three of the next level. Each is imported at its
# site, and made there with hours of a line that it shares with nineteen others;
# lines have `share` of the hours that demand takes. Finished items are wanted each
# quarter, in two priorities. One fund pays for all, month by month.

function random() { # the minimal standard generator of Park and Miller
    state = (state * 16807) % 2147483647
    return state / 2147483647
}
function between(low, high) { return low + (high - low) * random() }
function put(table, line) { print line > (folder "/" table ".csv") }
function month(t) { return sprintf("%04d-%02d", 2026 + int(t / 12), t % 12 + 1) }

BEGIN {
    sites = sites ? sites : 5
    share = share ? share : 0.8
    state = seed ? seed : 1
    for (i = 0; i < 10; i++) random()
    printf "{\"name\": \"family\", \"numu\": {\"country\": \"XXX\", \"currency\": \"XOF\", " \
        "\"start\": \"2026-01-01\", \"months\": %d, \"tail_months\": 3, \"discount_rate\": 0.06, " \
        "\"calendar\": \"week\"}, \"resources\": [", months > (folder "/datapackage.json")
    count = split("calendar customer partner rate site item process input operation resource demand " \
        "fund budget", tables, " ")
    for (i = 1; i <= count; i++)
        printf "%s{\"name\": \"%s\", \"path\": \"%s.csv\"}", (i > 1 ? ", " : ""), tables[i], \
            tables[i] > (folder "/datapackage.json")
    print "]}" > (folder "/datapackage.json")
    put("calendar", "id,monday,tuesday,wednesday,thursday,friday\nweek,8,8,8,8,8")
    put("customer", "id,name,kind\narmy,Army,domestic")
    put("partner", "id,name,country,kind\nmaker,Maker,YYY,company")
    put("rate", "currency,month,per_unit\nUSD,,600")
    put("site", "id,name,kind")
    put("item", "id,name,family,unit,standard_cost,currency,holding_cost_rate")
    put("process", "id,item,kind,site,partner,unit_cost,currency,lead_time_days")
    put("input", "process,item,quantity")
    put("operation", "process,sequence,resource,hours,skill,people")
    put("resource", "id,name,site,kind,units,hours_month,availability")
    put("demand", "id,customer,item,site,due,quantity,priority,unit_value,currency")
    put("fund", "id,name,currency,pays,carry_over\n" \
        "credits,Credits,XOF,import material processing wage holding,true")
    put("budget", "fund,month,amount")

    for (s = 0; s < sites; s++) put("site", "s" s ",Site " s ",plant")
    for (i = 0; i < items; i++) {
        level[i] = int(i * 4 / items)
        own[i] = random() < 0.5 ? 5 : 12 # dollars of work
        hours[i] = between(0.05, 0.5)
        demand[i] = level[i] == 0 ? int(between(50, 500)) : 0
        gross[i] = demand[i]
        if (level[i] < 3) {
            first = int((level[i] + 1) * items / 4 + 0.999)
            count = int((level[i] + 2) * items / 4 + 0.999) - first
            parts[i] = 2 + (random() < 0.5)
            at = int(random() * count)
            for (p = 0; p < parts[i]; p++) {
                part[i, p] = first + (at + p * 7) % count
                quantity[i, p] = 1 + int(random() * 3)
            }
        }
    }
    for (i = 0; i < items; i++)
        for (p = 0; p < parts[i]; p++) gross[part[i, p]] += gross[i] * quantity[i, p]
    for (i = items - 1; i >= 0; i--) {
        cost[i] = own[i]
        for (p = 0; p < parts[i]; p++) cost[i] += quantity[i, p] * price[part[i, p]]
        price[i] = cost[i] * between(1.05, 1.6)
        bill += demand[i] * price[i]
    }
    # Everything is at one site: what goes into an item lies where it is made. Lines are the sites'.
    for (i = 0; i < items; i++) {
        line = int(i / 20)
        work = gross[i] * hours[i]
        load[line] += work
        put("item", sprintf("i%d,Item %d,%s,each,%.2f,USD,0.1", i, i, level[i] ? "component" : "vehicle",
            price[i]))
        put("process", sprintf("import%d,i%d,import,s0,maker,%.2f,USD,%d", i, i, price[i],
            30 * (1 + int(random() * 4))))
        put("process", sprintf("make%d,i%d,%s,s0,,%.0f,XOF,%d", i, i, level[i] < 3 ? "assemble" : "make",
            own[i] * 600, 5 + 25 * int(random() * 2)))
        put("operation", sprintf("make%d,10,line%d,%.4f,,", i, line, hours[i]))
        for (p = 0; p < parts[i]; p++)
            put("input", sprintf("make%d,i%d,%d", i, part[i, p], quantity[i, p]))
        for (t = 2; t < months && demand[i] > 0; t += 3)
            put("demand", sprintf("d%d_%d,army,i%d,s0,%s,%d,%d,%.2f,USD", i, t, i, month(t),
                int(3 * demand[i] * between(0.7, 1.3)), 1 + i % 2, price[i]))
    }
    for (line = 0; line * 20 < items; line++)
        put("resource", sprintf("line%d,Line %d,s0,line,1,%.2f,0.9", line, line,
            share * load[line] / 0.9))
    for (t = 0; t < months; t++) put("budget", sprintf("credits,%s,%.0f", month(t), bill * 600 * 0.9))
}

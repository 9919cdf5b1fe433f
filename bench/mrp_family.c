/*
 * mrp_family.c - a national bill of material, made up, and what is measured on it: see mrp.sh.
 *
 * usage: mrp_family explode PARTS LEVELS DAYS [THREADS]  explosion, net change, pegs
 *        mrp_family plain PARTS LEVELS DAYS              against a straightforward twin
 *        mrp_family sql PARTS LEVELS DAYS                the plain problem as a script for sqlite3
 *        mrp_family lots ITEMS DAYS                      Wagner-Whitin, and the O(n²) programme
 *
 * The bill: PARTS parts on LEVELS levels; a part of a level takes five of the next (ten on the
 * first), near its own place: products share parts with their neighbours. Demand falls on the first
 * level, 24 days of each part; lots follow all policies; a part in eight loses some, a part in four
 * has a receipt. The plain problem has lots for lot, stock, and days that all count.
 *
 * Each line printed is name=value words; user_s are processor seconds of all threads, system time
 * included, wall_s seconds on the clock.
 */
#include "base/random.h"
#include "plan/explode.h"
#include "plan/peg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { FAN_OUT = 5, DEMANDS = 24, POLICIES = 8, LEVELS_MAX = 24 };

static double wall(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double user(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static double peak_megabytes(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static void must(numu_status status) {
    if (status != NUMU_OK) {
        fprintf(stderr, "mrp_family: status %d\n", (int)status);
        exit(3);
    }
}

static void *room(size_t count, size_t size) {
    void *memory = calloc(count + 1, size);
    if (memory == NULL) {
        fprintf(stderr, "mrp_family: no memory\n");
        exit(3);
    }
    return memory;
}

/* --- the problem --- */

struct family {
    struct numu_materials m;
    bool is_plain;
    uint32_t levels, width; /* parts of a level */
    struct numu_lot_policy policies[LEVELS_MAX * POLICIES];
    uint32_t *source_start, *line_start, *line_part, *demand_start, *receipt_start;
    uint32_t *part_lot;
    uint16_t *source_calendar;
    int32_t *lead;
    numu_day *release, *first_due, *last_due, *demand_day, *receipt_day;
    numu_decimal *yield;
    int64_t *numerator, *denominator;
    numu_quantity *demand_quantity, *receipt_quantity;
    uint8_t *receipt_flags;
    struct numu_lot_rounding *rounding;
    struct numu_rank_calendar calendar;
};

/* A part of a deeper level is needed five times as much: its lots grow with it. */
static void make_policies(struct numu_lot_policy policies[LEVELS_MAX * POLICIES]) {
    int64_t scale = 1;
    for (uint32_t level = 0; level < LEVELS_MAX; level++, scale *= FAN_OUT) {
        const struct numu_lot_policy of_level[POLICIES] = {
            {NUMU_LOT_FOR_LOT, 0, 1, 0, 0, 0},
            {NUMU_LOT_PERIOD, 28, 1, 0, 0, 0},
            {NUMU_LOT_PERIOD, 56, 1, 0, 0, 0},
            {NUMU_LOT_PERIOD, 28, 1, 0, 0, 0},
            {NUMU_LOT_PERIOD, 91, 1, 0, 0, 0},
            {NUMU_LOT_FIXED, 40 * scale, 1, 0, 0, 0},
            {NUMU_LOT_MIN_MAX, 40 * scale, 1, 0, 0, 0},
            {NUMU_LOT_WAGNER_WHITIN, 0, 1, 0, 800 * scale, 1},
        };
        memcpy(policies + level * POLICIES, of_level, sizeof of_level);
    }
}

/* Five days a week from day 0, a Monday. */
static struct numu_rank_calendar make_calendar(uint32_t days) {
    int32_t *rank = room(days + 1, sizeof *rank);
    numu_day *worked = room(days, sizeof *worked);
    for (uint32_t day = 0; day < days; day++) {
        if (day % 7 < 5) {
            worked[rank[day]] = (numu_day)day;
        }
        rank[day + 1] = rank[day] + (day % 7 < 5);
    }
    return (struct numu_rank_calendar){rank, worked};
}

static void take_arrays(struct family *family, uint32_t parts, uint32_t days) {
    size_t lines = (size_t)parts * FAN_OUT;
    size_t demands = (size_t)family->width * DEMANDS;
    family->source_start = room(parts + 1, sizeof(uint32_t));
    family->line_start = room(parts + 1, sizeof(uint32_t));
    family->line_part = room(lines, sizeof(uint32_t));
    family->numerator = room(lines, sizeof(int64_t));
    family->denominator = room(lines, sizeof(int64_t));
    family->part_lot = room(parts, sizeof(uint32_t));
    family->source_calendar = room(parts, sizeof(uint16_t));
    family->lead = room(parts, sizeof(int32_t));
    family->release = room(parts, sizeof(numu_day));
    family->first_due = room(parts, sizeof(numu_day));
    family->last_due = room(parts, sizeof(numu_day));
    family->yield = room(parts, sizeof(numu_decimal));
    family->rounding = room(parts, sizeof *family->rounding);
    family->demand_start = room(parts + 1, sizeof(uint32_t));
    family->demand_day = room(demands, sizeof(numu_day));
    family->demand_quantity = room(demands, sizeof(numu_quantity));
    family->receipt_start = room(parts + 1, sizeof(uint32_t));
    family->receipt_day = room(parts, sizeof(numu_day));
    family->receipt_quantity = room(parts, sizeof(numu_quantity));
    family->receipt_flags = room(parts, 1);
    family->calendar = make_calendar(days);
}

static void make_part(struct family *family, struct numu_random *random, uint32_t part,
                      uint32_t days) {
    uint32_t level = part / family->width;
    family->part_lot[part] =
        level * POLICIES + (level == 0 ? 0 : (uint32_t)numu_random_below(random, POLICIES));
    family->source_start[part + 1] = part + 1;
    family->source_calendar[part] = numu_random_below(random, 3) == 0 ? NUMU_EVERY_DAY : 0;
    family->lead[part] = 1 + (int32_t)numu_random_below(random, 10);
    family->first_due[part] = family->source_calendar[part] == 0
                                  ? family->calendar.worked[family->lead[part] - 1] + 1
                                  : family->lead[part];
    family->last_due[part] = INT32_MAX;
    family->yield[part] = numu_random_below(random, 8) == 0 ? 960000000 : NUMU_DECIMAL_ONE;
    family->rounding[part].multiple = numu_random_below(random, 4) == 0 ? 10 : 0;
    /* Those of the first level take twice as many, so that lines are five times the parts. */
    uint32_t lines = level + 1 == family->levels ? 0 : level == 0 ? 2 * FAN_OUT : FAN_OUT;
    uint32_t line = family->line_start[part];
    for (uint32_t i = 0; i < lines; i++, line++) {
        uint32_t near =
            (part % family->width + i + (uint32_t)numu_random_below(random, 3)) % family->width;
        family->line_part[line] = (level + 1) * family->width + near;
        bool has_scrap = numu_random_below(random, 4) == 0;
        family->numerator[line] = has_scrap ? 51 : 1;
        family->denominator[line] = has_scrap ? 50 : 1;
    }
    family->line_start[part + 1] = line;
    uint32_t demand = family->demand_start[part];
    for (uint32_t i = 0; level == 0 && i < DEMANDS; i++, demand++) {
        uint32_t from = days * 3 / 10; /* the bill is deep: leave time for lead times */
        uint32_t day =
            from + (days - from - 1) * i / DEMANDS + (uint32_t)numu_random_below(random, 20);
        family->demand_day[demand] = (numu_day)(day < days ? day : days - 1);
        family->demand_quantity[demand] = 1 + (numu_quantity)numu_random_below(random, 20);
    }
    family->demand_start[part + 1] = demand;
    uint32_t receipt = family->receipt_start[part];
    if (numu_random_below(random, 4) == 0) {
        family->receipt_day[receipt] = (numu_day)numu_random_below(random, days / 2);
        family->receipt_quantity[receipt] = 1 + (numu_quantity)numu_random_below(random, 100);
        family->receipt_flags[receipt++] = (uint8_t)numu_random_below(random, 2);
    }
    family->receipt_start[part + 1] = receipt;
}

/* What the plain problem leaves out. */
static void make_plain(struct family *family, struct numu_random *random, uint32_t part) {
    family->part_lot[part] = 0; /* lot for lot */
    family->source_calendar[part] = NUMU_EVERY_DAY;
    family->first_due[part] = family->lead[part];
    family->yield[part] = NUMU_DECIMAL_ONE;
    family->rounding[part].multiple = 0;
    uint32_t receipt = family->receipt_start[part];
    family->receipt_day[receipt] = 0;
    family->receipt_quantity[receipt] = (numu_quantity)numu_random_below(random, 100);
    family->receipt_flags[receipt] = NUMU_RECEIPT_FIRM | NUMU_RECEIPT_STOCK;
    family->receipt_start[part + 1] = receipt + 1;
}

static void make_family(struct family *family, uint32_t parts, uint32_t levels, uint32_t days,
                        bool is_plain) {
    struct numu_random random;
    numu_random_init(&random, 1, 0);
    memset(family, 0, sizeof *family);
    family->is_plain = is_plain;
    family->levels = levels;
    family->width = parts / levels;
    parts = family->width * levels;
    make_policies(family->policies);
    take_arrays(family, parts, days);
    for (uint32_t part = 0; part < parts; part++) {
        make_part(family, &random, part, days);
        if (is_plain) {
            make_plain(family, &random, part);
        }
    }
    family->m = (struct numu_materials){
        .first = 0,
        .day_count = days,
        .calendars = &family->calendar,
        .part_count = parts,
        .source_start = family->source_start,
        .lots = family->policies,
        .part_lot = family->part_lot,
        .source_calendar = family->source_calendar,
        .source_lead_days = family->lead,
        .source_release = family->release,
        .source_first_due = family->first_due,
        .source_last_due = family->last_due,
        .source_yield = family->yield,
        .source_rounding = family->rounding,
        .line_start = family->line_start,
        .line_part = family->line_part,
        .line_numerator = family->numerator,
        .line_denominator = family->denominator,
        .demand_start = family->demand_start,
        .demand_day = family->demand_day,
        .demand_quantity = family->demand_quantity,
        .receipt_start = family->receipt_start,
        .receipt_day = family->receipt_day,
        .receipt_quantity = family->receipt_quantity,
        .receipt_flags = family->receipt_flags,
    };
}

/* --- what is measured --- */

static uint64_t digest(const struct numu_orders *orders) {
    uint64_t sum = 0;
    for (uint32_t part = 0; part < orders->part_count; part++) {
        sum = numu_hash_bytes(orders->list[part], orders->count[part] * sizeof(struct numu_order),
                              sum);
    }
    return sum;
}

/* A demand of the first level moved by a week, `times` times over, each on another part. */
static void measure_change(struct family *family, const struct numu_context *context,
                           struct numu_orders *orders, uint32_t times) {
    double most = 0;
    double sum = 0;
    uint64_t parts = 0;
    for (uint32_t i = 0; i < times; i++) {
        uint32_t part = (uint32_t)((uint64_t)i * family->width / times);
        uint32_t planned = 0;
        family->demand_day[family->demand_start[part] + DEMANDS / 2] += 7;
        double before = wall();
        must(numu_explode_again(context, &family->m, &part, 1, orders, &planned));
        double seconds = wall() - before;
        most = seconds > most ? seconds : most;
        sum += seconds;
        parts += planned;
    }
    printf("change times=%u mean_s=%.5f most_s=%.5f parts_again=%.0f\n", times, sum / times, most,
           (double)parts / times);
    struct numu_orders whole;
    must(numu_explode(context, &family->m, &whole));
    if (digest(&whole) != digest(orders)) {
        fprintf(stderr, "mrp_family: net change and a plan from scratch differ\n");
        exit(1);
    }
    numu_orders_release(&whole);
}

static numu_status count_peg(void *data, uint32_t part, const struct numu_peg *peg) {
    (void)part;
    (void)peg;
    ++*(uint64_t *)data;
    return NUMU_OK;
}

/* All that serves one demand, `times` demands over, nothing kept between them. */
static void measure_pegs(const struct family *family, const struct numu_context *context,
                         const struct numu_orders *orders, uint32_t times) {
    double most = 0;
    double sum = 0;
    uint64_t pegs = 0;
    for (uint32_t i = 0; i < times; i++) {
        uint32_t part = (uint32_t)((uint64_t)i * family->width / times);
        struct numu_arena arena;
        struct numu_pegging pegging = {
            .context = context, .materials = &family->m, .orders = orders};
        double before = user();
        numu_arena_init(&arena, context->heap);
        must(numu_pegging_begin(&pegging, &arena));
        must(numu_pegs_below(&pegging, family->demand_start[part] + DEMANDS / 2, count_peg, &pegs));
        numu_arena_release(&arena);
        double seconds = user() - before;
        most = seconds > most ? seconds : most;
        sum += seconds;
    }
    printf("pegs times=%u mean_s=%.5f most_s=%.5f pegs=%.0f\n", times, sum / times, most,
           (double)pegs / times);
}

static void measure_explosion(uint32_t parts, uint32_t levels, uint32_t days, unsigned threads) {
    struct family family;
    struct numu_heap heap;
    numu_heap_init(&heap, 0);
    struct numu_context context = {.heap = &heap, .threads = threads};
    make_family(&family, parts, levels, days, false);
    double input = peak_megabytes();
    struct numu_orders orders;
    double before = wall();
    double before_user = user();
    must(numu_explode(&context, &family.m, &orders));
    double seconds = wall() - before;
    double processor = user() - before_user;
    uint64_t requirements = 0;
    for (uint32_t part = 0; part < family.m.part_count; part++) {
        uint32_t lines = family.line_start[part + 1] - family.line_start[part];
        requirements += (uint64_t)lines * orders.count[part];
    }
    printf("explode parts=%u lines=%u orders=%llu requirements=%llu wall_s=%.2f user_s=%.2f "
           "orders_s=%.2e input_mb=%.0f peak_mb=%.0f digest=%016llx\n",
           family.m.part_count, family.line_start[family.m.part_count],
           (unsigned long long)orders.total, (unsigned long long)requirements, seconds, processor,
           (double)orders.total / seconds, input, peak_megabytes(),
           (unsigned long long)digest(&orders));
    fflush(stdout);
    measure_pegs(&family, &context, &orders, 20);
    fflush(stdout);
    measure_change(&family, &context, &orders, 20);
    numu_orders_release(&orders);
}

/* --- the plain problem otherwise --- */

static uint64_t sum_of_order(uint64_t sum, uint32_t part, numu_day start, numu_quantity quantity) {
    return sum + ((uint64_t)part + 1) * ((uint64_t)start + 1) * (uint64_t)quantity;
}

/* Level by level, a dense array of days for each part, requirement pushed down: as one would write
   it first. */
static uint64_t run_twin(const struct family *family, uint32_t days, uint64_t *out_orders) {
    const struct numu_materials *m = &family->m;
    numu_quantity *requirement = room((size_t)m->part_count * days, sizeof *requirement);
    uint64_t sum = 0;
    for (uint32_t d = 0; d < family->demand_start[m->part_count]; d++) {
        requirement[(size_t)(d / DEMANDS) * days + (uint32_t)family->demand_day[d]] +=
            family->demand_quantity[d];
    }
    for (uint32_t part = 0; part < m->part_count; part++) {
        numu_quantity stock = family->receipt_quantity[part];
        for (uint32_t day = 0; day < days; day++) {
            stock -= requirement[(size_t)part * days + day];
            if (stock >= 0) {
                continue;
            }
            numu_quantity quantity = -stock;
            stock = 0;
            numu_day start = (numu_day)day - family->lead[part];
            start = start < 0 ? 0 : start;
            sum = sum_of_order(sum, part, start, quantity);
            ++*out_orders;
            for (uint32_t line = family->line_start[part]; line < family->line_start[part + 1];
                 line++) {
                requirement[(size_t)family->line_part[line] * days + (uint32_t)start] +=
                    (quantity * family->numerator[line] + family->denominator[line] - 1) /
                    family->denominator[line];
            }
        }
    }
    free(requirement);
    return sum;
}

static void measure_plain(uint32_t parts, uint32_t levels, uint32_t days) {
    struct family family;
    struct numu_heap heap;
    numu_heap_init(&heap, 0);
    struct numu_context context = {.heap = &heap, .threads = 1};
    make_family(&family, parts, levels, days, true);
    struct numu_orders orders;
    double before = user();
    must(numu_explode(&context, &family.m, &orders));
    double seconds = user() - before;
    uint64_t sum = 0;
    for (uint32_t part = 0; part < family.m.part_count; part++) {
        for (uint32_t i = 0; i < orders.count[part]; i++) {
            sum =
                sum_of_order(sum, part, orders.list[part][i].start, orders.list[part][i].quantity);
        }
    }
    uint64_t twin_orders = 0;
    before = user();
    uint64_t twin_sum = run_twin(&family, days, &twin_orders);
    double twin_seconds = user() - before;
    if (twin_sum != sum || twin_orders != orders.total) {
        fprintf(stderr, "mrp_family: the twin differs\n");
        exit(1);
    }
    printf("plain parts=%u orders=%llu user_s=%.4f twin_s=%.4f ratio=%.2f sum=%llu\n",
           family.m.part_count, (unsigned long long)orders.total, seconds, twin_seconds,
           twin_seconds / seconds, (unsigned long long)sum);
    numu_orders_release(&orders);
}

static void print_sql(uint32_t parts, uint32_t levels, uint32_t days) {
    struct family family;
    make_family(&family, parts, levels, days, true);
    const struct numu_materials *m = &family.m;
    printf("CREATE TABLE part(id INTEGER PRIMARY KEY, level INT, lead INT, stock INT);\n"
           "CREATE TABLE line(parent INT, child INT, n INT, d INT);\n"
           "CREATE TABLE requirement(part INT, day INT, q INT);\n"
           "CREATE TABLE orders(part INT, start INT, q INT);\nBEGIN;\n");
    for (uint32_t part = 0; part < m->part_count; part++) {
        printf("INSERT INTO part VALUES(%u,%u,%d,%lld);\n", part, part / family.width,
               (int)family.lead[part], (long long)family.receipt_quantity[part]);
        for (uint32_t line = family.line_start[part]; line < family.line_start[part + 1]; line++) {
            printf("INSERT INTO line VALUES(%u,%u,%lld,%lld);\n", part, family.line_part[line],
                   (long long)family.numerator[line], (long long)family.denominator[line]);
        }
    }
    for (uint32_t d = 0; d < family.demand_start[m->part_count]; d++) {
        printf("INSERT INTO requirement VALUES(%u,%d,%lld);\n", d / DEMANDS,
               (int)family.demand_day[d], (long long)family.demand_quantity[d]);
    }
    printf("CREATE INDEX line_parent ON line(parent);\nCREATE INDEX requirement_part ON "
           "requirement(part);\nCREATE INDEX orders_part ON orders(part);\nCOMMIT;\n.timer on\n"
           "BEGIN;\n");
    for (uint32_t level = 0; level < levels; level++) {
        printf(
            "INSERT INTO orders SELECT part, max(0, day - lead), net FROM (SELECT r.part, r.day, "
            "p.lead, max(0, c - stock) - max(0, c - q - stock) AS net FROM (SELECT part, day, q, "
            "sum(q) OVER (PARTITION BY part ORDER BY day) AS c FROM (SELECT part, day, sum(q) AS "
            "q FROM requirement WHERE part IN (SELECT id FROM part WHERE level = %u) GROUP BY "
            "part, day)) r JOIN part p ON p.id = r.part) WHERE net > 0;\n"
            "INSERT INTO requirement SELECT child, start, (q * n + d - 1) / d FROM orders JOIN "
            "line ON parent = part WHERE part IN (SELECT id FROM part WHERE level = %u);\n",
            level, level);
    }
    printf(
        "COMMIT;\n.timer off\nSELECT count(*), sum((part + 1) * (start + 1) * q) FROM orders;\n");
}

/* --- lots --- */

static void make_needs(struct numu_random *random, uint32_t days, numu_day *day,
                       numu_quantity *need) {
    for (uint32_t i = 0; i < days; i++) {
        day[i] = (numu_day)i;
        need[i] = 1 + (numu_quantity)numu_random_below(random, 100);
    }
}

/* The programme as it is taught, O(n²): cost of the best plan. */
static int64_t taught(const numu_quantity *need, uint32_t count,
                      const struct numu_lot_policy *policy) {
    int64_t *best = room(count + 1, sizeof *best);
    for (uint32_t j = 1; j <= count; j++) {
        int64_t held = 0;
        int64_t sum = 0;
        best[j] = INT64_MAX;
        for (uint32_t i = j; i-- > 0;) { /* an order for i … j - 1 */
            int64_t cost = best[i] + policy->setup_cost + policy->holding_cost * held;
            best[j] = cost < best[j] ? cost : best[j];
            sum += need[i];
            held += sum; /* an order a day earlier holds all of them a day longer */
        }
    }
    int64_t answer = best[count];
    free(best);
    return answer;
}

static void measure_lots(uint32_t items, uint32_t days) {
    const struct numu_lot_policy policy = {NUMU_LOT_WAGNER_WHITIN, 0, 1, 0, 20000, 1};
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_random random;
    numu_day *day = room(days, sizeof *day);
    numu_quantity *need = room(days, sizeof *need);
    uint32_t *end = room(days, sizeof *end);
    double seconds = 0;
    double taught_seconds = 0;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_random_init(&random, 1, 0);
    for (uint32_t item = 0; item < items; item++) {
        make_needs(&random, days, day, need);
        double before = user();
        must(numu_lot_wagner_whitin(&arena, day, need, days, &policy, end));
        seconds += user() - before;
        if (item < 5) {
            int64_t cost = 0;
            must(numu_lot_cost(day, need, days, &policy, end, &cost));
            before = user();
            int64_t other = taught(need, days, &policy);
            taught_seconds += user() - before;
            if (cost != other) {
                fprintf(stderr, "mrp_family: lots cost %lld, taught %lld\n", (long long)cost,
                        (long long)other);
                exit(1);
            }
        }
    }
    printf("lots items=%u days=%u user_s=%.3f taught_s=%.1f ratio=%.0f\n", items, days, seconds,
           taught_seconds / 5 * items, taught_seconds / 5 * items / seconds);
    numu_arena_release(&arena);
}

int main(int argc, char **argv) {
    if (argc >= 5 && strcmp(argv[1], "explode") == 0) {
        measure_explosion((uint32_t)atol(argv[2]), (uint32_t)atol(argv[3]), (uint32_t)atol(argv[4]),
                          argc > 5 ? (unsigned)atoi(argv[5]) : 0);
    } else if (argc == 5 && strcmp(argv[1], "plain") == 0) {
        measure_plain((uint32_t)atol(argv[2]), (uint32_t)atol(argv[3]), (uint32_t)atol(argv[4]));
    } else if (argc == 5 && strcmp(argv[1], "sql") == 0) {
        print_sql((uint32_t)atol(argv[2]), (uint32_t)atol(argv[3]), (uint32_t)atol(argv[4]));
    } else if (argc == 4 && strcmp(argv[1], "lots") == 0) {
        measure_lots((uint32_t)atol(argv[2]), (uint32_t)atol(argv[3]));
    } else {
        fprintf(stderr, "usage: mrp_family explode|plain|sql|lots …\n");
        return 2;
    }
    return 0;
}

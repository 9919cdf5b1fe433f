/*
 * lp_family.c - a planning-like linear programme of any size, solved by numu or written as MPS.
 *
 *   lp_family MARKET ITEMS SITES MONTHS SEED          solves and prints one line of figures
 *   lp_family MARKET ITEMS SITES MONTHS SEED FILE     writes free MPS
 *
 * A four-level bill of materials; each item is made at half of the sites or imported; stock,
 * backlog of finished items, overtime, two skills of staff that are hired six months ahead and
 * leave, storage groups with rented room, and a yearly foreign-exchange budget that may be
 * overdrawn dearly. MARKET says what is scarce: tight (everything), loose (nothing), import (staff,
 * while imports are cheap). Size 200 10 60 gives about 16,000 rows and 91,000 columns. Money is in
 * thousands, time in hours.
 */
#include "base/random.h"
#include "solve/lp.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { LEVELS = 4, PARTS_MAX = 3, SKILLS = 2, STORAGE_GROUPS = 10, MONTHS_OF_YEAR = 12 };
enum { HIRE_MONTHS = 6, ENTRIES_MAX = 16 };

/* Room as a share of what average demand needs, import prices as a share of twice the cost. */
struct market {
    const char *name;
    double machine, staff, storage, currency, import_low, import_high;
};

static const struct market markets[] = {
    {"tight", 0.9, 0.6, 0.5, 0.4, 0.9, 1.3},
    {"loose", 2, 2, 2, 2, 0.9, 1.3},
    {"import", 4, 0.1, 4, 4, 0.2, 0.6},
};

struct family {
    const struct market *market;
    uint32_t items, sites, months;
    uint64_t seed;
};

struct item {
    uint32_t level, group;
    uint32_t part_count, parts[PARTS_MAX];
    double part_quantities[PARTS_MAX];
    uint32_t make_months, import_months;
    double import_price, make_cost, machine_hours, staff_hours, volume, demand;
    uint32_t first_site; /* made at half of the sites, in a circle from here */
};

static double between(struct numu_random *random, double low, double high) {
    return low + (high - low) * numu_random_unit(random);
}

static uint32_t items_before_level(const struct family *family, uint32_t level) {
    return (uint32_t)((uint64_t)family->items * level / LEVELS);
}

static void choose_parts(const struct family *family, struct numu_random *random,
                         struct item *item) {
    if (item->level + 1 == LEVELS) {
        return;
    }
    uint32_t first = items_before_level(family, item->level + 1);
    uint32_t count = items_before_level(family, item->level + 2) - first;
    uint32_t offset = (uint32_t)numu_random_below(random, count);
    item->part_count = count < PARTS_MAX ? count : PARTS_MAX;
    for (uint32_t p = 0; p < item->part_count; p++) {
        item->parts[p] = first + (offset + p * (count / item->part_count)) % count;
        item->part_quantities[p] = (double)(1 + numu_random_below(random, 3));
    }
}

/* Items are ordered by level, so that gross demand of whole is known before that of its parts. */
static void make_items(const struct family *family, struct numu_random *random,
                       struct item *items) {
    for (uint32_t i = 0; i < family->items; i++) {
        struct item *item = &items[i];
        while (i >= items_before_level(family, item->level + 1)) {
            item->level++;
        }
        item->group = (uint32_t)numu_random_below(random, STORAGE_GROUPS);
        choose_parts(family, random, item);
        item->make_months = (uint32_t)numu_random_below(random, 2);
        item->import_months = 1 + (uint32_t)numu_random_below(random, 4);
        item->make_cost = between(random, 1, 10);
        item->machine_hours = between(random, 0.05, 0.5);
        item->staff_hours = between(random, 0.1, 1);
        item->volume = between(random, 0.1, 2);
        item->first_site = (uint32_t)numu_random_below(random, family->sites);
        item->demand = item->level == 0 ? between(random, 50, 500) : 0;
    }
    for (uint32_t i = family->items; i-- > 0;) {
        double price = items[i].make_cost * 2;
        for (uint32_t p = 0; p < items[i].part_count; p++) {
            price += items[i].part_quantities[p] * items[items[i].parts[p]].import_price;
        }
        items[i].import_price =
            price * between(random, family->market->import_low, family->market->import_high);
    }
}

/* The first row of each block of rows; within a block months run slowest. */
struct rows {
    numu_lp_row balance, machine, staff_hours, staff, storage, currency;
};

struct bench {
    struct family family;
    struct numu_random random;
    struct item *items;
    double *gross; /* average demand of a month with that of the wholes it goes into */
    struct numu_lp lp;
    struct rows rows;
};

static numu_status add_rows(struct bench *bench, uint32_t count, double lower, double upper,
                            numu_lp_row *out_first) {
    for (uint32_t i = 0; i < count; i++) {
        numu_lp_row row = 0;
        NUMU_TRY(numu_lp_add_row(&bench->lp, lower, upper, &row));
        if (i == 0) {
            *out_first = row;
        }
    }
    return NUMU_OK;
}

static numu_status add_balance_rows(struct bench *bench) {
    for (uint32_t t = 0; t < bench->family.months; t++) {
        double season = 1 + 0.4 * sin(6.283185307179586 * t / MONTHS_OF_YEAR);
        for (uint32_t i = 0; i < bench->family.items; i++) {
            double demand = 0;
            if (bench->items[i].demand > 0) {
                demand = bench->items[i].demand * season * (1 + 0.01 * t);
                demand = floor(demand * between(&bench->random, 0.7, 1.3));
            }
            numu_lp_row row = 0;
            NUMU_TRY(numu_lp_add_row(&bench->lp, demand, demand, &row));
            bench->rows.balance = t == 0 && i == 0 ? row : bench->rows.balance;
        }
    }
    return NUMU_OK;
}

static void compute_gross(struct bench *bench, double *out_machine, double *out_staff,
                          double *out_spend, double *out_volume) {
    for (uint32_t i = 0; i < bench->family.items; i++) {
        const struct item *item = &bench->items[i];
        bench->gross[i] += item->demand;
        *out_machine += bench->gross[i] * item->machine_hours;
        *out_staff += bench->gross[i] * item->staff_hours;
        *out_spend += item->demand * item->import_price;
        *out_volume += bench->gross[i] * item->volume;
        for (uint32_t p = 0; p < item->part_count; p++) {
            bench->gross[item->parts[p]] += bench->gross[i] * item->part_quantities[p];
        }
    }
}

static double staff_at_start(double staff_hours, const struct family *family) {
    return family->market->staff * staff_hours / (160.0 * SKILLS * family->sites);
}

static numu_status add_all_rows(struct bench *bench, double *out_staff_hours) {
    const struct family *family = &bench->family;
    struct rows *rows = &bench->rows;
    double machine = 0;
    double spend = 0;
    double volume = 0;
    compute_gross(bench, &machine, out_staff_hours, &spend, &volume);
    NUMU_TRY(add_balance_rows(bench));
    NUMU_TRY(add_rows(bench, family->months * family->sites, -INFINITY,
                      family->market->machine * machine / family->sites, &rows->machine));
    NUMU_TRY(
        add_rows(bench, family->months * family->sites * SKILLS, -INFINITY, 0, &rows->staff_hours));
    NUMU_TRY(add_rows(bench, family->months * family->sites * SKILLS, 0, 0, &rows->staff));
    for (uint32_t s = 0; s < family->sites * SKILLS; s++) {
        double start = staff_at_start(*out_staff_hours, family);
        bench->lp.row_lower[rows->staff + s] = start;
        bench->lp.row_upper[rows->staff + s] = start;
    }
    NUMU_TRY(add_rows(bench, family->months * STORAGE_GROUPS, -INFINITY,
                      family->market->storage * volume / STORAGE_GROUPS, &rows->storage));
    uint32_t years = (family->months + MONTHS_OF_YEAR - 1) / MONTHS_OF_YEAR;
    return add_rows(bench, years, -INFINITY, family->market->currency * spend * MONTHS_OF_YEAR,
                    &rows->currency);
}

struct column {
    double cost, upper;
    size_t count;
    struct numu_lp_entry entries[ENTRIES_MAX];
};

static void put(struct column *column, numu_lp_row row, double value) {
    column->entries[column->count++] = (struct numu_lp_entry){row, value};
}

static numu_status add(struct bench *bench, const struct column *column) {
    return numu_lp_add_column(&bench->lp, column->cost, 0, column->upper, column->entries,
                              column->count, NULL);
}

static numu_lp_row balance_row(const struct bench *bench, uint32_t item, uint32_t month) {
    return bench->rows.balance + month * bench->family.items + item;
}

static numu_status add_make(struct bench *bench, uint32_t i, uint32_t site, uint32_t month) {
    const struct item *item = &bench->items[i];
    uint32_t at = month * bench->family.sites + site;
    uint32_t skill = i % SKILLS;
    struct column column = {.cost = item->make_cost * between(&bench->random, 0.8, 1.2),
                            .upper = INFINITY};
    if (month + item->make_months < bench->family.months) {
        put(&column, balance_row(bench, i, month + item->make_months), 1);
    }
    for (uint32_t p = 0; p < item->part_count; p++) {
        put(&column, balance_row(bench, item->parts[p], month), -item->part_quantities[p]);
    }
    put(&column, bench->rows.machine + at, item->machine_hours);
    put(&column, bench->rows.staff_hours + at * SKILLS + skill, item->staff_hours);
    return add(bench, &column);
}

static numu_status add_item_month(struct bench *bench, uint32_t i, uint32_t month) {
    const struct item *item = &bench->items[i];
    const struct family *family = &bench->family;
    for (uint32_t s = 0; s < (family->sites + 1) / 2; s++) {
        NUMU_TRY(add_make(bench, i, (item->first_site + s) % family->sites, month));
    }
    struct column import = {.cost = item->import_price * pow(0.995, month), .upper = INFINITY};
    if (month + item->import_months < family->months) {
        put(&import, balance_row(bench, i, month + item->import_months), 1);
    }
    put(&import, bench->rows.currency + month / MONTHS_OF_YEAR, item->import_price);
    NUMU_TRY(add(bench, &import));

    struct column stock = {.cost = 0.01 * item->import_price, .upper = INFINITY};
    put(&stock, balance_row(bench, i, month), -1);
    if (month + 1 < family->months) {
        put(&stock, balance_row(bench, i, month + 1), 1);
    }
    put(&stock, bench->rows.storage + month * STORAGE_GROUPS + item->group, item->volume);
    NUMU_TRY(add(bench, &stock));

    if (item->level == 0) {
        bool is_last = month + 1 == family->months;
        struct column backlog = {.cost = (is_last ? 10 : 0.2) * item->import_price,
                                 .upper = INFINITY};
        put(&backlog, balance_row(bench, i, month), 1);
        if (!is_last) {
            put(&backlog, balance_row(bench, i, month + 1), -1);
        }
        NUMU_TRY(add(bench, &backlog));
    }
    return NUMU_OK;
}

static numu_status add_staff_month(struct bench *bench, uint32_t pool, uint32_t month,
                                   double start) {
    const struct family *family = &bench->family;
    uint32_t pools = family->sites * SKILLS;
    uint32_t at = month * pools + pool;
    struct column staff = {.cost = 1.5, .upper = INFINITY};
    put(&staff, bench->rows.staff + at, 1);
    put(&staff, bench->rows.staff_hours + at, -160);
    if (month + 1 < family->months) {
        put(&staff, bench->rows.staff + at + pools, -0.98);
    }
    NUMU_TRY(add(bench, &staff));

    struct column hire = {.cost = 6, .upper = 0.2 * start};
    if (month + HIRE_MONTHS < family->months) {
        put(&hire, bench->rows.staff + at + HIRE_MONTHS * pools, -1);
    }
    NUMU_TRY(add(bench, &hire));

    struct column overtime = {.cost = 0.02, .upper = 32 * start};
    put(&overtime, bench->rows.staff_hours + at, -1);
    return add(bench, &overtime);
}

static numu_status add_all_columns(struct bench *bench, double start) {
    const struct family *family = &bench->family;
    for (uint32_t t = 0; t < family->months; t++) {
        for (uint32_t i = 0; i < family->items; i++) {
            NUMU_TRY(add_item_month(bench, i, t));
        }
        for (uint32_t pool = 0; pool < family->sites * SKILLS; pool++) {
            NUMU_TRY(add_staff_month(bench, pool, t, start));
        }
        for (uint32_t group = 0; group < STORAGE_GROUPS; group++) {
            struct column rent = {.cost = 5, .upper = INFINITY};
            put(&rent, bench->rows.storage + t * STORAGE_GROUPS + group, -1);
            NUMU_TRY(add(bench, &rent));
        }
        if (t % MONTHS_OF_YEAR == 0) {
            struct column overdraft = {.cost = 2, .upper = INFINITY};
            put(&overdraft, bench->rows.currency + t / MONTHS_OF_YEAR, -1);
            NUMU_TRY(add(bench, &overdraft));
        }
    }
    return NUMU_OK;
}

static numu_status build(struct bench *bench, struct numu_arena *arena) {
    const struct family *family = &bench->family;
    numu_random_init(&bench->random, family->seed, 0);
    NUMU_TRY(NUMU_TAKE(arena, &bench->items, family->items));
    NUMU_TRY(NUMU_TAKE(arena, &bench->gross, family->items));
    make_items(family, &bench->random, bench->items);
    double staff_hours = 0;
    NUMU_TRY(add_all_rows(bench, &staff_hours));
    return add_all_columns(bench, staff_at_start(staff_hours, family));
}

/* Processor time: others on the machine disturb the wall clock. */
static double seconds(void *data) {
    (void)data;
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double peak_gigabytes(void) {
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / (1024 * 1024);
}

static numu_status solve(const struct bench *bench, double built, struct numu_arena *arena) {
    struct numu_context context = {.heap = bench->lp.heap, .clock = seconds};
    struct numu_lp_options options = {0};
    struct numu_lp_solver *solver = NULL;
    struct numu_lp_solution solution;
    double begin = seconds(NULL);
    NUMU_TRY(numu_lp_solver_open(&context, &bench->lp, &solver));
    numu_status status = numu_lp_solver_solve(solver, &options, arena, &solution);
    numu_lp_solver_close(solver);
    NUMU_TRY(status);
    printf("%s rows=%" PRIu32 " columns=%" PRIu32 " entries=%" PRIu64 " status=%s built=%.3f "
           "seconds=%.2f gigabytes=%.2f iterations=%" PRIu64 " objective=%.6f bound=%.6f "
           "primal=%.1e dual=%.1e\n",
           numu_lp_solver_name(), bench->lp.num_row, bench->lp.num_col, bench->lp.num_nz,
           numu_lp_status_text(solution.status), built, seconds(NULL) - begin, peak_gigabytes(),
           solution.iterations, solution.objective, solution.dual_bound, solution.primal_residual,
           solution.dual_residual);
    return NUMU_OK;
}

static numu_status write(const struct bench *bench, const char *path) {
    struct numu_buffer buffer;
    numu_buffer_init(&buffer, bench->lp.heap, 0);
    numu_status status = numu_lp_write_mps(&bench->lp, "family", NULL, &buffer);
    if (status == NUMU_OK) {
        FILE *file = fopen(path, "w");
        bool is_written =
            file != NULL && fwrite(buffer.data, 1, buffer.length, file) == buffer.length;
        is_written = file != NULL && fclose(file) == 0 && is_written;
        status = is_written ? NUMU_OK : NUMU_IO;
    }
    numu_buffer_release(&buffer);
    return status;
}

static const struct market *find_market(const char *name) {
    for (size_t i = 0; i < sizeof markets / sizeof *markets; i++) {
        if (strcmp(name, markets[i].name) == 0) {
            return &markets[i];
        }
    }
    return NULL;
}

/* False where the command line makes no family. */
static bool read_family(int argc, char **argv, struct family *out) {
    if (argc != 6 && argc != 7) {
        return false;
    }
    out->market = find_market(argv[1]);
    out->items = (uint32_t)strtoul(argv[2], NULL, 10);
    out->sites = (uint32_t)strtoul(argv[3], NULL, 10);
    out->months = (uint32_t)strtoul(argv[4], NULL, 10);
    out->seed = strtoull(argv[5], NULL, 10);
    return out->market != NULL && out->items >= LEVELS && out->sites > 0 && out->months > 0;
}

int main(int argc, char **argv) {
    struct bench bench = {0};
    if (!read_family(argc, argv, &bench.family)) {
        fprintf(stderr, "use: lp_family tight|loose|import ITEMS SITES MONTHS SEED [FILE]\n"
                        "at least 4 items, 1 site, 1 month\n");
        return 2;
    }
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_lp_init(&bench.lp, &heap);
    double begin = seconds(NULL);
    numu_status status = build(&bench, &arena);
    double built = seconds(NULL) - begin;
    if (status == NUMU_OK) {
        status = argc == 7 ? write(&bench, argv[6]) : solve(&bench, built, &arena);
    }
    numu_lp_release(&bench.lp);
    numu_arena_release(&arena);
    if (status != NUMU_OK) {
        fprintf(stderr, "lp_family: failed with status %d\n", (int)status);
    }
    return status == NUMU_OK ? 0 : 3;
}

/*
 * plan_store_test.c - goal: plan.db gives back what was written, byte for byte the same each time,
 * and nothing but a plan is read as one.
 *
 * Method: plans of random values through write and read; files that are none, from an empty one to
 * plans whose tables were tampered with by the sqlite3 command; places that cannot be written;
 * memory that fails at the n-th allocation.
 */
#include "plan/store.h"

#include "base/file.h"
#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <signal.h>

#include <cmocka.h>

struct world {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_report report;
    char folder[64];
    char path[96];
};

static void world_init(struct world *world) {
    numu_heap_init(&world->heap, 0);
    numu_arena_init(&world->arena, &world->heap);
    numu_report_init(&world->report, &world->heap, 0);
    snprintf(world->folder, sizeof world->folder, "/tmp/numu-store-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    snprintf(world->path, sizeof world->path, "%s/plan.db", world->folder);
}

/* Fails where anything but plan.db is left in the folder. */
static void world_release(struct world *world) {
    unlink(world->path);
    assert_int_equal(rmdir(world->folder), 0);
    numu_report_release(&world->report);
    numu_arena_release(&world->arena);
    assert_int_equal(world->heap.bytes, 0);
}

static void set_random_text(struct numu_random *random, struct numu_arena *arena, unsigned row,
                            struct numu_text *out) {
    static const char *const words[] = {"rifle", "Bamako, Kati", "d'or \"et\"", "été ≤ 3\n", "x"};
    const char *word = words[numu_random_below(random, sizeof words / sizeof words[0])];
    assert_int_equal(numu_text_printf(arena, out, "%s %u", word, row), NUMU_OK);
}

static void set_random_cell(struct numu_random *random, struct numu_arena *arena,
                            const struct numu_column *column, void *array, unsigned row) {
    int64_t wide = (int64_t)(numu_random_next(random) >> (1 + numu_random_below(random, 60)));
    int64_t narrow = wide % (INT64_C(1) << 52);
    switch (column->kind) {
    case NUMU_KIND_KEY:
    case NUMU_KIND_TEXT:
        set_random_text(random, arena, row, (struct numu_text *)array + row);
        break;
    case NUMU_KIND_CHOICE: {
        size_t count = 0;
        while (column->choices[count] != NULL) {
            count++;
        }
        ((uint8_t *)array)[row] = (uint8_t)(1 + numu_random_below(random, count));
        break;
    }
    case NUMU_KIND_DATE:
        ((numu_day *)array)[row] = (numu_day)numu_random_below(random, 40000);
        break;
    case NUMU_KIND_MONTH:
        ((numu_month *)array)[row] = (numu_month)numu_random_below(random, 1200);
        break;
    case NUMU_KIND_MONEY:
    case NUMU_KIND_INTEGER:
        ((int64_t *)array)[row] = numu_random_below(random, 2) ? wide : -wide;
        break;
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
        ((int64_t *)array)[row] = numu_random_below(random, 2) ? narrow : -narrow;
        break;
    case NUMU_KIND_BOOLEAN:
        ((uint8_t *)array)[row] = (uint8_t)(1 + numu_random_below(random, 2));
        break;
    case NUMU_KIND_REAL:
        ((double *)array)[row] = numu_random_unit(random) * pow(10, (double)(wide % 40) - 20);
        break;
    default:
        fail_msg("no column of a plan is of kind %d", (int)column->kind);
    }
}

/* A plan with some rows in each table and a third of the cells empty. */
static void make_random_plan(struct numu_random *random, struct numu_arena *arena,
                             struct numu_plan *plan) {
    memset(plan, 0, sizeof *plan);
    for (const struct numu_table_descriptor *table = numu_plan_schema; table->name != NULL;
         table++) {
        unsigned count = (unsigned)numu_random_below(random, 30);
        assert_int_equal(numu_plan_take(plan, arena, table, count), NUMU_OK);
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            for (unsigned row = 0; row < count; row++) {
                if (column->required || numu_random_below(random, 3) > 0) {
                    set_random_cell(random, arena, column, numu_plan_array(plan, table, column),
                                    row);
                }
            }
        }
    }
    assert_int_equal(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(meta), 2), NUMU_OK);
    plan->meta.key[0] = NUMU_TEXT("format");
    plan->meta.value[0] = NUMU_TEXT("numu.plan/1");
    plan->meta.key[1] = NUMU_TEXT("currency");
    plan->meta.value[1] = NUMU_TEXT("XOF");
    plan->currency = numu_currency_find(NUMU_TEXT("XOF"));
}

static void assert_cells_equal(const struct numu_column *column, const void *a, const void *b,
                               numu_row row) {
    size_t size = numu_kind_size(column->kind);
    if (column->kind == NUMU_KIND_KEY || column->kind == NUMU_KIND_TEXT) {
        assert_true(numu_text_is_equal(((const struct numu_text *)a)[row],
                                       ((const struct numu_text *)b)[row]));
    } else if (column->kind == NUMU_KIND_REAL) {
        double one = ((const double *)a)[row];
        double two = ((const double *)b)[row];
        assert_true(one == two || (isnan(one) && isnan(two)));
    } else {
        assert_memory_equal((const char *)a + row * size, (const char *)b + row * size, size);
    }
}

static void assert_plans_equal(const struct numu_plan *a, const struct numu_plan *b) {
    assert_int_equal(a->currency, b->currency);
    for (const struct numu_table_descriptor *table = numu_plan_schema; table->name != NULL;
         table++) {
        assert_int_equal(numu_plan_count(a, table), numu_plan_count(b, table));
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            for (numu_row row = 0; row < numu_plan_count(a, table); row++) {
                assert_cells_equal(column, numu_plan_array(a, table, column),
                                   numu_plan_array(b, table, column), row);
            }
        }
    }
}

static void write_plan(struct world *world, const struct numu_plan *plan) {
    assert_int_equal(numu_plan_write(plan, world->path, &world->heap, &world->report), NUMU_OK);
}

static struct numu_text read_bytes(struct world *world) {
    struct numu_text bytes;
    int number = 0;
    assert_int_equal(numu_file_read(&world->arena, world->path, 0, &bytes, &number), NUMU_OK);
    return bytes;
}

static void reads_what_it_wrote(void **state) {
    (void)state;
    const uint64_t seed = 20250701;
    print_message("# seed %llu\n", (unsigned long long)seed);
    struct world world;
    world_init(&world);
    for (uint64_t number = 0; number < 20; number++) {
        struct numu_random random;
        numu_random_init(&random, seed, number);
        struct numu_plan plan;
        struct numu_plan back;
        make_random_plan(&random, &world.arena, &plan);
        write_plan(&world, &plan);
        assert_int_equal(numu_plan_read(world.path, &world.arena, &world.report, &back), NUMU_OK);
        assert_plans_equal(&plan, &back);
        struct numu_text first = read_bytes(&world);
        write_plan(&world, &back); /* over the old file */
        struct numu_text second = read_bytes(&world);
        assert_int_equal(first.length, second.length);
        assert_memory_equal(first.data, second.data, first.length);
    }
    world_release(&world);
}

static void writes_an_empty_plan(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    struct numu_plan plan = {0};
    struct numu_plan back;
    write_plan(&world, &plan);
    assert_int_equal(numu_plan_read(world.path, &world.arena, &world.report, &back), NUMU_OK);
    assert_plans_equal(&plan, &back);
    assert_int_equal(numu_plan_meta_find(&back, "currency").length, 0);
    world_release(&world);
}

/* Runs sqlite3 on plan.db; its output in `out`. A missing sqlite3 is a failure. */
static void run_sql(const struct world *world, const char *sql, char *out, size_t size) {
    char command[1024];
    snprintf(command, sizeof command, "sqlite3 -batch -init /dev/null '%s' \"%s\" 2>&1",
             world->path, sql);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t length = fread(out, 1, size - 1, pipe);
    out[length] = '\0';
    if (pclose(pipe) != 0) {
        fail_msg("%s: %s", command, out);
    }
}

static void make_small_plan(struct world *world, struct numu_plan *plan) {
    memset(plan, 0, sizeof *plan);
    assert_int_equal(numu_plan_take(plan, &world->arena, NUMU_PLAN_TABLE(production), 1), NUMU_OK);
    plan->production.process[0] = NUMU_TEXT("rifle_skd");
    plan->production.month[0] = (2025 - 1970) * 12 + 6;
    plan->production.quantity[0] = 2500000;
    plan->production.started[0] = 3 * NUMU_QUANTITY_ONE;
    plan->production.cost[0] = 1234;
}

static void is_plain_sql(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    struct numu_plan plan;
    make_small_plan(&world, &plan);
    write_plan(&world, &plan);
    char out[2048];
    run_sql(&world,
            "select process, month, quantity, started, cost, partner is null from production", out,
            sizeof out);
    assert_string_equal(out, "rifle_skd|2025-07|2.5|3|1234|1\n");
    run_sql(&world, "pragma user_version; pragma application_id; pragma integrity_check", out,
            sizeof out);
    assert_string_equal(out, "2\n1853189493\nok\n");
    run_sql(&world,
            "select sentence from column_note where \\\"table\\\" = 'hours' and \\\"column\\\" = "
            "'capacity'",
            out, sizeof out);
    assert_string_equal(out, "hours it can run\n");
    world_release(&world);
}

static void assert_is_no_plan(struct world *world) {
    struct numu_plan back;
    memset(&back, 0x5a, sizeof back);
    struct numu_plan before = back;
    uint64_t findings = world->report.counts[NUMU_CODE_NOT_A_PLAN];
    assert_int_equal(numu_plan_read(world->path, &world->arena, &world->report, &back),
                     NUMU_INVALID);
    assert_int_equal(world->report.counts[NUMU_CODE_NOT_A_PLAN], findings + 1);
    assert_memory_equal(&back, &before, sizeof back);
}

static void refuses_what_is_no_plan(void **state) {
    (void)state;
    static const char *const contents[] = {"", "hello\n", "SQLite format 3",
                                           "{\"format\": \"numu.plan/1\"}"};
    struct world world;
    world_init(&world);
    for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
        int number = 0;
        assert_int_equal(numu_file_write(world.path, numu_text_of(contents[i]), &number), NUMU_OK);
        assert_is_no_plan(&world);
    }
    world_release(&world);
}

static void refuses_plans_that_were_tampered_with(void **state) {
    (void)state;
    static const char *const changes[] = {
        "pragma application_id = 1",
        "pragma user_version = 1",
        "pragma user_version = 3",
        "drop table stock",
        "drop table stock; create view stock as select * from production",
        "drop table stock; create virtual table stock using fts5(item, site, month, quantity)",
        "alter table stock rename column month to moon",
        "update production set quantity = 'many'",
        "update production set quantity = 1e300",
        "update production set month = '2025-13'",
        "update production set kind = 'wish'",
        "update production set cost = 'x'",
        "update production set cost = 1.5",
        "update production set process = x'ff'",
        "update production set process = cast(x'ff41' as text)",
        "insert into activity (id, is_on_longest_path) values ('a', 2)",
        "insert into meta values ('currency', 'ZZZ')",
    };
    struct world world;
    world_init(&world);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct numu_plan plan;
        char out[512];
        make_small_plan(&world, &plan);
        write_plan(&world, &plan);
        run_sql(&world, changes[i], out, sizeof out);
        assert_is_no_plan(&world);
        unlink(world.path);
    }
    world_release(&world);
}

/* Any single byte of a plan may be broken: a status comes back, and nothing is overrun. */
static void survives_broken_bytes(void **state) {
    (void)state;
    const uint64_t seed = 5;
    print_message("# seed %llu\n", (unsigned long long)seed);
    struct world world;
    world_init(&world);
    struct numu_plan plan;
    make_small_plan(&world, &plan);
    write_plan(&world, &plan);
    struct numu_text bytes = read_bytes(&world);
    struct numu_random random;
    numu_random_init(&random, seed, 0);
    char *copy = NULL;
    assert_int_equal(NUMU_TAKE(&world.arena, &copy, bytes.length), NUMU_OK);
    for (int number = 0; number < 300; number++) {
        memcpy(copy, bytes.data, bytes.length);
        copy[numu_random_below(&random, bytes.length)] = (char)numu_random_below(&random, 256);
        int error = 0;
        assert_int_equal(
            numu_file_write(world.path, (struct numu_text){copy, bytes.length}, &error), NUMU_OK);
        struct numu_arena_mark mark = numu_arena_mark(&world.arena);
        struct numu_plan back;
        numu_status status = numu_plan_read(world.path, &world.arena, &world.report, &back);
        assert_true(status == NUMU_OK || status == NUMU_INVALID || status == NUMU_IO);
        numu_arena_rewind(&world.arena, mark);
    }
    world_release(&world);
}

static void says_what_cannot_be_read(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    struct numu_plan back;
    assert_int_equal(numu_plan_read(world.path, &world.arena, &world.report, &back), NUMU_IO);
    assert_int_equal(world.report.counts[NUMU_CODE_CANNOT_READ], 1);
    assert_int_equal(numu_plan_read(world.folder, &world.arena, &world.report, &back),
                     NUMU_INVALID); /* a package, perhaps: the hint says what makes a plan of it */
    assert_int_equal(world.report.counts[NUMU_CODE_NOT_A_PLAN], 1);
    world_release(&world);
}

static void leaves_nothing_where_it_cannot_write(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    struct numu_plan plan;
    make_small_plan(&world, &plan);
    char path[128];
    snprintf(path, sizeof path, "%s/none/plan.db", world.folder);
    assert_int_equal(numu_plan_write(&plan, path, &world.heap, &world.report), NUMU_IO);
    assert_int_equal(numu_plan_write(&plan, world.folder, &world.heap, &world.report), NUMU_IO);
    assert_int_equal(world.report.counts[NUMU_CODE_CANNOT_WRITE], 2);
    world_release(&world);
}

/* A limit on the size of files stands for a full disk: the old plan stays. */
static void keeps_the_old_plan_when_the_disk_is_full(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    struct numu_plan plan;
    make_small_plan(&world, &plan);
    write_plan(&world, &plan);
    struct numu_text before = read_bytes(&world);
    struct rlimit old;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t bytes = 0; bytes < before.length; bytes += 8192) {
        struct rlimit small = {.rlim_cur = bytes, .rlim_max = old.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        numu_status status = numu_plan_write(&plan, world.path, &world.heap, &world.report);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
        assert_int_equal(status, NUMU_IO);
    }
    signal(SIGXFSZ, SIG_DFL);
    struct numu_text after = read_bytes(&world);
    assert_int_equal(after.length, before.length);
    assert_memory_equal(after.data, before.data, before.length);
    assert_true(world.report.counts[NUMU_CODE_CANNOT_WRITE] > 0);
    world_release(&world);
}

static void refuses_what_no_double_holds(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    struct numu_plan plan;
    make_small_plan(&world, &plan);
    plan.production.quantity[0] = (INT64_C(1) << 53) + 1;
    assert_int_equal(numu_plan_write(&plan, world.path, &world.heap, &world.report), NUMU_LIMIT);
    assert_int_equal(world.report.counts[NUMU_CODE_QUANTITY_TOO_LARGE], 1);
    world_release(&world);
}

static void fails_cleanly_without_memory(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    struct numu_plan plan;
    make_small_plan(&world, &plan);
    numu_status status = NUMU_MEMORY;
    uint64_t failures = 0;
    for (uint64_t n = 1; status != NUMU_OK; n++) {
        size_t bytes = world.heap.bytes;
        world.heap.fail_at = world.heap.count + n;
        status = numu_plan_write(&plan, world.path, &world.heap, &world.report);
        world.heap.fail_at = 0;
        assert_int_equal(world.heap.bytes, bytes);
        failures += status != NUMU_OK;
    }
    assert_true(failures > 0);
    status = NUMU_MEMORY;
    for (uint64_t n = 1; status != NUMU_OK; n++) {
        size_t bytes = world.heap.bytes;
        struct numu_plan back = plan;
        world.heap.fail_at = world.heap.count + n;
        status = numu_plan_read(world.path, &world.arena, &world.report, &back);
        world.heap.fail_at = 0;
        if (status != NUMU_OK) {
            assert_int_equal(status, NUMU_MEMORY);
            assert_int_equal(world.heap.bytes, bytes);
            assert_memory_equal(&back, &plan, sizeof back);
            failures++;
        }
    }
    assert_true(failures > 10);
    assert_int_equal(world.report.counts[NUMU_CODE_CANNOT_WRITE], 0);
    world_release(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_wrote),
        cmocka_unit_test(writes_an_empty_plan),
        cmocka_unit_test(is_plain_sql),
        cmocka_unit_test(refuses_what_is_no_plan),
        cmocka_unit_test(refuses_plans_that_were_tampered_with),
        cmocka_unit_test(survives_broken_bytes),
        cmocka_unit_test(says_what_cannot_be_read),
        cmocka_unit_test(leaves_nothing_where_it_cannot_write),
        cmocka_unit_test(keeps_the_old_plan_when_the_disk_is_full),
        cmocka_unit_test(refuses_what_no_double_holds),
        cmocka_unit_test(fails_cleanly_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * plan_explode_test.c - the explosion against a slow twin, its own laws and textbook records.
 *
 * The twin is another program for the same rules [E1]-[E4]: it pushes requirement down the bills
 * into dense arrays, finds each day's balance anew from all that was decided before, takes lead
 * times day by day, and searches lots by trying all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_bill.h"

/* --- the twin --- */

struct twin {
    const struct problem *p;
    numu_quantity requirement[PARTS][DAYS];
    bool is_event[PARTS][DAYS];
    bool is_done[PARTS];
    uint32_t count[PARTS];
    struct numu_order order[PARTS][DAYS];
    numu_quantity net[PARTS][DAYS];
    numu_day drawn[RECEIPTS]; /* by receipt: the day it is drawn on early, or DAYS */
};

static bool takes(const struct problem *p, uint32_t taker, uint32_t part) {
    for (uint32_t line = p->line_start[p->source_start[taker]];
         line < p->line_start[p->source_start[taker + 1]]; line++) {
        if (p->line_part[line] == part) {
            return true;
        }
    }
    return false;
}

static uint32_t twin_source(const struct problem *p, uint32_t part, numu_day need, numu_day *due) {
    uint32_t best = NUMU_NONE;
    for (numu_day day = need; best == NUMU_NONE && day < 3 * DAYS; day++) {
        for (uint32_t s = p->source_start[part]; s < p->source_start[part + 1]; s++) {
            if (p->first_due[s] <= day && day <= p->last_due[s]) {
                best = s;
                *due = day;
                break;
            }
        }
    }
    return best;
}

/* The latest day to start and be there on `due`: trying all. */
static numu_day twin_start(const struct problem *p, uint32_t s, numu_day due) {
    if (due == p->first_due[s]) {
        return p->release[s];
    }
    numu_day day = due;
    while (advance(p->calendar[s], day, p->lead[s]) > due) {
        day--;
    }
    return day;
}

static numu_quantity twin_balance(const struct twin *twin, uint32_t part, numu_day day,
                                  const numu_quantity *lost) {
    const struct problem *p = twin->p;
    numu_quantity balance = -*lost;
    for (uint32_t r = p->receipt_start[part]; r < p->receipt_start[part + 1]; r++) {
        bool is_in = p->receipt_day[r] <= day || twin->drawn[r] <= day;
        balance += is_in ? p->receipt_quantity[r] : 0;
    }
    for (numu_day d = 0; d <= day; d++) {
        balance += twin->net[part][d] - twin->requirement[part][d];
    }
    return balance;
}

/* What is too old on a day: first in, first out over all requirement up to then. */
static void twin_age(struct twin *twin, uint32_t part, numu_day day, numu_quantity *left,
                     numu_quantity *lost) {
    const struct problem *p = twin->p;
    numu_quantity wanted = twin->requirement[part][day];
    for (uint32_t r = p->receipt_start[part]; r < p->receipt_start[part + 1]; r++) {
        bool is_in = p->receipt_day[r] <= day || twin->drawn[r] < day;
        if (is_in && p->receipt_expires[r] < day) {
            *lost += left[r];
            left[r] = 0;
        }
    }
    for (uint32_t r = p->receipt_start[part]; r < p->receipt_start[part + 1]; r++) {
        bool is_in = p->receipt_day[r] <= day || twin->drawn[r] < day;
        numu_quantity taken = !is_in ? 0 : left[r] < wanted ? left[r] : wanted;
        left[r] -= taken;
        wanted -= taken;
    }
}

static numu_quantity twin_floor(const struct problem *p, uint32_t part) {
    return p->safety[part] > p->level[part] ? p->safety[part] : p->level[part];
}

static void twin_net(struct twin *twin, uint32_t part) {
    const struct problem *p = twin->p;
    numu_quantity floor = twin_floor(p, part);
    numu_quantity left[RECEIPTS];
    numu_quantity lost = 0;
    memcpy(left, p->receipt_quantity, sizeof left);
    for (numu_day day = 0; day < DAYS; day++) {
        if (!twin->is_event[part][day] && !(day == 0 && p->safety[part] > 0)) {
            continue;
        }
        twin_age(twin, part, day, left, &lost);
        numu_day due = INT32_MAX;
        (void)twin_source(p, part, day, &due);
        for (uint32_t r = p->receipt_start[part]; r < p->receipt_start[part + 1]; r++) {
            bool is_open = p->receipt_day[r] > day && twin->drawn[r] == DAYS;
            bool is_firm = (p->receipt_flags[r] & NUMU_RECEIPT_FIRM) != 0;
            if (is_open && (!is_firm || p->receipt_day[r] <= due) &&
                twin_balance(twin, part, day, &lost) < floor) {
                twin->drawn[r] = day;
            }
        }
        numu_quantity balance = twin_balance(twin, part, day, &lost);
        twin->net[part][day] = balance < floor ? floor - balance : 0;
    }
}

/* The end of the lot that a day is in, by trying all plans of the needs; latest last order first.
 */
static numu_day twin_lot_end(const struct twin *twin, uint32_t part, numu_day day) {
    const struct numu_lot_policy *policy = &twin->p->lots[part];
    static int64_t cost[DAYS + 1];
    static numu_day last[DAYS + 1];
    cost[0] = 0; /* cost[d]: of the needs before day d */
    for (numu_day end = 1; end <= DAYS; end++) {
        cost[end] = INT64_MAX;
        last[end] = -1;
        if (twin->net[part][end - 1] == 0) {
            cost[end] = cost[end - 1];
            continue;
        }
        for (numu_day from = end - 1; from >= 0; from--) {
            bool is_old = policy->shelf_days > 0 && end - 1 - from > policy->shelf_days;
            if (twin->net[part][from] == 0 || is_old) {
                continue;
            }
            int64_t sum = cost[from] + policy->setup_cost;
            for (numu_day d = from; d < end; d++) {
                sum += twin->net[part][d] * (d - from) * policy->holding_cost;
            }
            if (sum < cost[end]) {
                cost[end] = sum;
                last[end] = from;
            }
        }
    }
    for (numu_day end = DAYS; end > 0;) {
        if (twin->net[part][end - 1] == 0) {
            end--;
        } else if (last[end] <= day) {
            return end;
        } else {
            end = last[end];
        }
    }
    return 0;
}

static numu_quantity twin_quantity(const struct twin *twin, uint32_t part, numu_day day,
                                   numu_quantity lacking, uint32_t s) {
    const struct numu_lot_policy *policy = &twin->p->lots[part];
    numu_day end = day + 1;
    numu_quantity quantity = lacking;
    if (policy->kind == NUMU_LOT_PERIOD) {
        end = day + (numu_day)policy->size;
    } else if (policy->kind == NUMU_LOT_WAGNER_WHITIN) {
        end = twin_lot_end(twin, part, day);
    } else if (policy->kind == NUMU_LOT_MIN_MAX) {
        quantity += policy->size;
    }
    for (numu_day d = day + 1; d < end && d < DAYS; d++) {
        if (policy->shelf_days == 0 || d - day <= policy->shelf_days) {
            quantity += twin->net[part][d];
        }
    }
    if (policy->kind == NUMU_LOT_FIXED) {
        while (quantity % policy->size != 0) {
            quantity++;
        }
    }
    int64_t multiple = twin->p->rounding[s].multiple;
    while (quantity % policy->step != 0 || (multiple > 0 && quantity % multiple != 0) ||
           quantity < twin->p->rounding[s].minimum) {
        quantity++;
    }
    return quantity;
}

static void twin_order(struct twin *twin, uint32_t part) {
    const struct problem *p = twin->p;
    numu_quantity left = 0;
    numu_day until = INT32_MAX;
    for (numu_day day = 0; day < DAYS; day++) {
        numu_quantity need = twin->net[part][day];
        if (day > until) {
            left = 0;
        }
        if (need == 0 || need <= left) {
            left -= need;
            continue;
        }
        struct numu_order *order = &twin->order[part][twin->count[part]];
        order->need = day;
        order->source = twin_source(p, part, day, &order->due);
        if (order->source == NUMU_NONE) {
            left = 0;
            continue;
        }
        order->quantity = twin_quantity(twin, part, day, need - left, order->source);
        order->started = order->quantity;
        while (order->started * p->yield[order->source] / NUMU_DECIMAL_ONE < order->quantity ||
               (p->yield[order->source] != NUMU_DECIMAL_ONE &&
                order->started % p->lots[part].step != 0)) {
            order->started++;
        }
        order->start = twin_start(p, order->source, order->due);
        left += order->quantity - need;
        until = p->lots[part].shelf_days > 0 ? order->due + p->lots[part].shelf_days : INT32_MAX;
        twin->count[part]++;
    }
}

static void twin_push(struct twin *twin, uint32_t part) {
    const struct problem *p = twin->p;
    for (uint32_t i = 0; i < twin->count[part]; i++) {
        const struct numu_order *order = &twin->order[part][i];
        for (uint32_t line = p->line_start[order->source]; line < p->line_start[order->source + 1];
             line++) {
            if (order->start < p->starts[line] || order->start > p->ends[line]) {
                continue;
            }
            numu_quantity product = order->started * p->numerator[line];
            numu_quantity quantity = 0;
            while (quantity * p->denominator[line] < product) {
                quantity++;
            }
            twin->requirement[p->line_part[line]][order->start] += quantity;
            twin->is_event[p->line_part[line]][order->start] = true;
        }
    }
}

static void run_twin(const struct problem *p, struct twin *twin) {
    memset(twin, 0, sizeof *twin);
    twin->p = p;
    for (uint32_t r = 0; r < RECEIPTS; r++) {
        twin->drawn[r] = DAYS;
    }
    for (uint32_t part = 0; part < p->m.part_count; part++) {
        for (uint32_t d = p->demand_start[part]; d < p->demand_start[part + 1]; d++) {
            twin->requirement[part][p->demand_day[d]] += p->demand_quantity[d];
            twin->is_event[part][p->demand_day[d]] = true;
        }
    }
    for (uint32_t done = 0; done < p->m.part_count;) {
        for (uint32_t part = 0; part < p->m.part_count; part++) {
            bool is_ready = !twin->is_done[part];
            for (uint32_t taker = 0; taker < p->m.part_count; taker++) {
                is_ready = is_ready && (twin->is_done[taker] || !takes(p, taker, part));
            }
            if (is_ready) {
                twin_net(twin, part);
                twin_order(twin, part);
                twin_push(twin, part);
                twin->is_done[part] = true;
                done++;
            }
        }
    }
}

/* --- tests --- */

static struct numu_context context_of(struct numu_heap *heap, unsigned threads) {
    numu_heap_init(heap, 0);
    return (struct numu_context){.heap = heap, .threads = threads};
}

static void assert_same_as_twin(const struct problem *p, const struct twin *twin,
                                const struct numu_orders *orders, int round) {
    for (uint32_t part = 0; part < p->m.part_count; part++) {
        if (orders->count[part] != twin->count[part] ||
            (twin->count[part] > 0 && memcmp(orders->list[part], twin->order[part],
                                             twin->count[part] * sizeof(struct numu_order)) != 0)) {
            fail_msg("round %d: orders of part %u differ", round, part);
        }
    }
}

/*
 * On each day with requirement all that came or was ordered for a day up to it, less what was too
 * old, covers requirement and floor, where a source could be had: law of the rules, not of a
 * program.
 */
static void assert_conserved(const struct problem *p, const struct twin *twin,
                             const struct numu_orders *orders) {
    for (uint32_t part = 0; part < p->m.part_count; part++) {
        bool loses = p->lots[part].shelf_days > 0;
        for (uint32_t r = p->receipt_start[part]; r < p->receipt_start[part + 1]; r++) {
            loses = loses || p->receipt_expires[r] != INT32_MAX;
        }
        bool has_source = true;
        numu_quantity balance = 0;
        for (numu_day day = 0; day < DAYS && has_source && !loses; day++) {
            numu_day due = 0;
            has_source = twin_source(p, part, day, &due) != NUMU_NONE;
            for (uint32_t r = p->receipt_start[part]; r < p->receipt_start[part + 1]; r++) {
                numu_day in = p->receipt_day[r] < 0 ? 0 : p->receipt_day[r];
                in = twin->drawn[r] < in ? twin->drawn[r] : in;
                balance += in == day ? p->receipt_quantity[r] : 0;
            }
            for (uint32_t i = 0; i < orders->count[part]; i++) {
                balance += orders->list[part][i].need == day ? orders->list[part][i].quantity : 0;
            }
            balance -= twin->requirement[part][day];
            if (has_source && twin->is_event[part][day]) {
                assert_true(balance >= twin_floor(p, part));
            }
        }
    }
}

static void test_against_twin(void **state) {
    (void)state;
    const uint64_t seed = 20251125;
    static struct problem p;
    static struct twin twin;
    struct numu_random random;
    uint64_t compared = 0;
    numu_random_init(&random, seed, 0);
    for (int round = 0; round < 4000; round++) {
        struct numu_heap heap;
        struct numu_context context = context_of(&heap, 1);
        struct numu_orders orders;
        make_problem(&p, &random);
        run_twin(&p, &twin);
        assert_int_equal(numu_explode(&context, &p.m, &orders), NUMU_OK);
        assert_same_as_twin(&p, &twin, &orders, round);
        assert_conserved(&p, &twin, &orders);
        compared += orders.total;
        numu_orders_release(&orders);
        assert_int_equal(heap.bytes, 0);
    }
    print_message("# seed %llu, %llu orders compared\n", (unsigned long long)seed,
                  (unsigned long long)compared);
    assert_true(compared > 40000);
}

/* A demand moved by a day: net change gives what planning anew gives, and says how many orders
   differ (nervousness). The same demand again changes nothing. */
static void test_net_change(void **state) {
    (void)state;
    const uint64_t seed = 3;
    static struct problem p;
    struct numu_random random;
    uint64_t changed = 0;
    uint64_t all = 0;
    numu_random_init(&random, seed, 0);
    for (int round = 0; round < 2000; round++) {
        struct numu_heap heap;
        struct numu_context context = context_of(&heap, 1);
        struct numu_orders before;
        struct numu_orders again;
        struct numu_orders anew;
        uint32_t planned = 0;
        make_problem(&p, &random);
        if (p.demand_start[p.m.part_count] == 0) {
            continue;
        }
        uint32_t d = below(&random, p.demand_start[p.m.part_count]);
        uint32_t part = 0;
        while (p.demand_start[part + 1] <= d) {
            part++;
        }
        assert_int_equal(numu_explode(&context, &p.m, &before), NUMU_OK);
        assert_int_equal(numu_explode(&context, &p.m, &again), NUMU_OK);
        assert_int_equal(numu_explode_again(&context, &p.m, &part, 1, &again, &planned), NUMU_OK);
        assert_int_equal(planned, 1);
        p.demand_day[d] += p.demand_day[d] + 1 < DAYS ? 1 : -1;
        assert_int_equal(numu_explode_again(&context, &p.m, &part, 1, &again, &planned), NUMU_OK);
        assert_int_equal(numu_explode(&context, &p.m, &anew), NUMU_OK);
        assert_int_equal(anew.total, again.total);
        for (uint32_t i = 0; i < p.m.part_count; i++) {
            assert_int_equal(anew.count[i], again.count[i]);
            assert_memory_equal(anew.list[i], again.list[i],
                                anew.count[i] * sizeof(struct numu_order));
            all += anew.count[i];
            for (uint32_t k = 0; k < anew.count[i]; k++) {
                changed += k >= before.count[i] || memcmp(&anew.list[i][k], &before.list[i][k],
                                                          sizeof(struct numu_order)) != 0;
            }
        }
        numu_orders_release(&before);
        numu_orders_release(&again);
        numu_orders_release(&anew);
        assert_int_equal(heap.bytes, 0);
    }
    print_message("# a demand moved by a day changes %.1f %% of orders\n",
                  100.0 * (double)changed / (double)all);
    assert_true(changed * 5 < all);
}

/* --- small problems by hand --- */

static void assert_order(const struct numu_order *order, numu_day start, numu_day due,
                         numu_quantity quantity) {
    assert_int_equal(order->start, start);
    assert_int_equal(order->due, due);
    assert_int_equal(order->quantity, quantity);
}

/* The basic MRP record: T. E. Vollmann, W. L. Berry, D. C. Whybark, F. R. Jacobs, "Manufacturing
   Planning and Control Systems", 5th ed. 2005, figure 7.5: gross 10, 40, 10 in periods 2, 4, 5; a
   receipt of 50 in period 1; 4 at hand; lots of 50, a period's lead time. One order of 50 is
   released in period 4. */
static void test_textbook_record(void **state) {
    (void)state;
    static struct problem p;
    struct numu_heap heap;
    struct numu_context context = context_of(&heap, 1);
    struct numu_orders orders;
    small(&p, 1);
    p.lots[0].kind = NUMU_LOT_FIXED;
    p.lots[0].size = 50;
    set_lead(&p, 0, 1);
    put_demand(&p, 0, 2, 10);
    put_demand(&p, 0, 4, 40);
    put_demand(&p, 0, 5, 10);
    put_receipt(&p, 0, 0, 4, NUMU_RECEIPT_STOCK | NUMU_RECEIPT_FIRM);
    put_receipt(&p, 0, 1, 50, 0);
    assert_int_equal(numu_explode(&context, &p.m, &orders), NUMU_OK);
    assert_int_equal(orders.total, 1);
    assert_order(&orders.list[0][0], 4, 5, 50);
    numu_orders_release(&orders);
}

static size_t exceptions_of(const struct problem *p, struct numu_context *context,
                            struct numu_exception *out, size_t room) {
    struct numu_orders orders;
    struct numu_buffer buffer;
    numu_buffer_init(&buffer, context->heap, 0);
    assert_int_equal(numu_explode(context, &p->m, &orders), NUMU_OK);
    assert_int_equal(numu_explode_exceptions(context, &p->m, &orders, 0, p->m.part_count, &buffer),
                     NUMU_OK);
    size_t count = buffer.length / sizeof *out;
    assert_true(count <= room);
    if (count > 0) {
        memcpy(out, buffer.data, buffer.length);
    }
    numu_buffer_release(&buffer);
    numu_orders_release(&orders);
    return count;
}

static void assert_exception(const struct numu_exception *found, numu_exception_kind kind,
                             uint32_t index, numu_day from, numu_day to, numu_quantity quantity) {
    assert_int_equal(found->kind, kind);
    assert_int_equal(found->index, index);
    assert_int_equal(found->from, from);
    assert_int_equal(found->to, to);
    assert_int_equal(found->quantity, quantity);
}

static void test_exceptions_of_receipts(void **state) {
    (void)state;
    static struct problem p;
    struct numu_heap heap;
    struct numu_context context = context_of(&heap, 1);
    struct numu_exception found[8];
    small(&p, 1);
    set_lead(&p, 0, 3);
    put_demand(&p, 0, 10, 5);
    put_demand(&p, 0, 30, 5);
    put_receipt(&p, 0, -2, 1, NUMU_RECEIPT_FIRM); /* overdue */
    put_receipt(&p, 0, 15, 4, 0);                 /* wanted on day 10 */
    put_receipt(&p, 0, 20, 5, 0);                 /* wanted on day 30 */
    put_receipt(&p, 0, 25, 9, 0);                 /* by nobody */
    assert_int_equal(exceptions_of(&p, &context, found, 8), 4);
    assert_exception(&found[0], NUMU_EXCEPTION_PAST_DUE, 0, -2, 0, 1);
    assert_exception(&found[1], NUMU_EXCEPTION_EXPEDITE, 1, 15, 10, 4);
    assert_exception(&found[2], NUMU_EXCEPTION_POSTPONE, 2, 20, 30, 5);
    assert_exception(&found[3], NUMU_EXCEPTION_CANCEL, 3, 25, 25, 9);
    assert_int_equal(heap.bytes, 0);
}

static void test_exceptions_of_orders(void **state) {
    (void)state;
    static struct problem p;
    struct numu_heap heap;
    struct numu_context context = context_of(&heap, 1);
    struct numu_exception found[8];
    small(&p, 3);
    set_lead(&p, 0, 30); /* too late for day 12, in time for day 40 */
    put_demand(&p, 0, 12, 5);
    put_demand(&p, 0, 40, 5);
    set_lead(&p, 1, 10); /* safety stock that is not there at first, and a lot too large */
    p.safety[1] = 7;
    p.rounding[1].minimum = 100;
    p.last_due[2] = 5; /* closed before it is needed */
    put_demand(&p, 2, 9, 6);
    assert_int_equal(exceptions_of(&p, &context, found, 8), 4);
    assert_exception(&found[0], NUMU_EXCEPTION_LEAD_TIME, 0, 12, 30, 5);
    assert_exception(&found[1], NUMU_EXCEPTION_BELOW_SAFETY, 0, 0, 10, 100);
    assert_exception(&found[2], NUMU_EXCEPTION_EXCESS, 0, 0, 10, 93);
    assert_exception(&found[3], NUMU_EXCEPTION_NO_SOURCE, NUMU_NONE, 9, 9, 6);
}

/* What is too old is lost, and ordered again. */
static void test_shelf_life(void **state) {
    (void)state;
    static struct problem p;
    struct numu_heap heap;
    struct numu_context context = context_of(&heap, 1);
    struct numu_exception found[2];
    struct numu_orders orders;
    small(&p, 1);
    p.lots[0].kind = NUMU_LOT_PERIOD;
    p.lots[0].size = 50;
    p.lots[0].shelf_days = 10;
    put_demand(&p, 0, 5, 2);
    put_demand(&p, 0, 20, 2);
    put_demand(&p, 0, 30, 2);
    put_demand(&p, 0, 31, 2);
    put_receipt(&p, 0, 0, 9, NUMU_RECEIPT_STOCK | NUMU_RECEIPT_FIRM);
    p.receipt_expires[0] = 5;
    assert_int_equal(numu_explode(&context, &p.m, &orders), NUMU_OK);
    assert_int_equal(orders.total, 2);
    assert_order(&orders.list[0][0], 20, 20, 4); /* good for days 20 to 30 */
    assert_order(&orders.list[0][1], 31, 31, 2);
    numu_orders_release(&orders);
    assert_int_equal(exceptions_of(&p, &context, found, 2), 1);
    assert_exception(&found[0], NUMU_EXCEPTION_EXPIRES, 0, 5, 5, 7);
}

/* A line holds on its first and its last day, not on those beside. */
static void test_effectivity(void **state) {
    (void)state;
    static struct problem p;
    struct numu_heap heap;
    struct numu_context context = context_of(&heap, 1);
    struct numu_orders orders;
    small(&p, 2);
    put_line(&p, 0, 1, 3, 2);
    p.starts[0] = 10;
    p.ends[0] = 20;
    for (numu_day day = 9; day <= 21; day += day == 9 || day == 20 ? 1 : 10) {
        put_demand(&p, 0, day, 3);
    }
    assert_int_equal(numu_explode(&context, &p.m, &orders), NUMU_OK);
    assert_int_equal(orders.count[0], 4);
    assert_int_equal(orders.count[1], 2);
    assert_order(&orders.list[1][0], 10, 10, 5); /* 4.5, rounded up */
    assert_order(&orders.list[1][1], 20, 20, 5);
    numu_orders_release(&orders);
}

static void test_working_days(void **state) {
    (void)state;
    static struct problem p;
    struct numu_heap heap;
    struct numu_context context = context_of(&heap, 1);
    struct numu_orders orders;
    small(&p, 1);
    p.calendar[0] = 0;
    p.lead[0] = 6;
    p.first_due[0] = advance(0, 0, 6);
    put_demand(&p, 0, 16, 1); /* a Wednesday: Tuesday, Monday, Friday … to Tuesday a week before */
    assert_int_equal(numu_explode(&context, &p.m, &orders), NUMU_OK);
    assert_order(&orders.list[0][0], 8, 16, 1);
    numu_orders_release(&orders);
}

static void test_cycle_is_told(void **state) {
    (void)state;
    static struct problem p;
    struct numu_heap heap;
    struct numu_context context = context_of(&heap, 1);
    struct numu_orders orders;
    small(&p, 4);
    put_line(&p, 0, 1, 1, 1);
    put_line(&p, 1, 2, 1, 1);
    put_line(&p, 2, 3, 1, 1);
    put_line(&p, 3, 1, 1, 1);
    assert_int_equal(numu_explode(&context, &p.m, &orders), NUMU_INVALID);
    assert_int_equal(orders.cycle_length, 3);
    for (uint32_t i = 0; i < 3; i++) { /* each is taken by the next */
        assert_true(takes(&p, orders.cycle[(i + 1) % 3], orders.cycle[i]));
    }
    numu_orders_release(&orders);
    assert_int_equal(heap.bytes, 0);
}

static void test_too_large(void **state) {
    (void)state;
    static struct problem p;
    struct numu_heap heap;
    struct numu_context context = context_of(&heap, 2);
    struct numu_orders orders;
    small(&p, 3);
    put_line(&p, 0, 1, INT64_MAX / 4, 1);
    put_line(&p, 1, 2, 2, 1);
    put_demand(&p, 0, 10, 2);
    assert_int_equal(numu_explode(&context, &p.m, &orders), NUMU_OK); /* just fits */
    numu_orders_release(&orders);
    put_demand(&p, 0, 10, 1);
    p.demand_start[1] = 2;
    assert_int_equal(numu_explode(&context, &p.m, &orders), NUMU_LIMIT);
    assert_int_equal(orders.too_large, 2);
    numu_orders_release(&orders);
    p.numerator[0] = INT64_MAX;
    assert_int_equal(numu_explode(&context, &p.m, &orders), NUMU_LIMIT);
    assert_int_equal(orders.too_large, 1);
    numu_orders_release(&orders);
}

static void test_given_orders(void **state) {
    (void)state;
    static struct problem p;
    struct numu_heap heap;
    struct numu_context context = context_of(&heap, 1);
    struct numu_orders orders;
    const uint8_t is_given[] = {1, 0};
    const uint32_t start[] = {0, 2, 2};
    const struct numu_order given[] = {{5, 8, 8, 0, 10, 12}, {6, 9, 9, 0, 20, 20}};
    small(&p, 2);
    put_line(&p, 0, 1, 2, 1);
    put_demand(&p, 0, 3, 1000); /* the master plan has decided: not netted here */
    p.m.part_is_given = is_given;
    p.m.given_start = start;
    p.m.given = given;
    assert_int_equal(numu_explode(&context, &p.m, &orders), NUMU_OK);
    assert_int_equal(orders.total, 4);
    assert_ptr_equal(orders.list[0], given);
    assert_order(&orders.list[1][0], 5, 5, 24);
    assert_order(&orders.list[1][1], 6, 6, 40);
    numu_orders_release(&orders);
    put_line(&p, 1, 0, 1, 1); /* round through what is given: two ways between sites, say */
    assert_int_equal(numu_explode(&context, &p.m, &orders), NUMU_OK);
    assert_int_equal(orders.total, 4);
    numu_orders_release(&orders);
}

/* 600 parts a level, so that threads have tasks to share. */
static void test_threads_give_the_same(void **state) {
    (void)state;
    enum { WIDTH = 600, MANY = 3 * WIDTH };
    static uint32_t one_start[MANY + 1], line_start[MANY + 1], line_part[2 * WIDTH];
    static uint32_t demand_start[MANY + 1];
    static int64_t ones[2 * WIDTH];
    static uint32_t part_lot[MANY];
    static uint16_t calendar[MANY];
    static int32_t lead[MANY];
    static numu_day zero[MANY], last_due[MANY], day[3 * WIDTH];
    static numu_decimal yield[MANY];
    static numu_quantity quantity[3 * WIDTH];
    const struct numu_lot_policy policy[] = {{NUMU_LOT_PERIOD, 9, 1, 0, 0, 0}};
    struct numu_random random;
    numu_random_init(&random, 1, 1);
    for (uint32_t part = 0; part < MANY; part++) {
        one_start[part + 1] = part + 1;
        calendar[part] = NUMU_EVERY_DAY;
        last_due[part] = INT32_MAX;
        yield[part] = NUMU_DECIMAL_ONE;
        line_start[part + 1] = part + 1 < 2 * WIDTH ? part + 1 : 2 * WIDTH;
        demand_start[part + 1] = part < WIDTH ? 3 * (part + 1) : 3 * WIDTH;
    }
    for (uint32_t line = 0; line < 2 * WIDTH; line++) {
        line_part[line] = (line / WIDTH + 1) * WIDTH + below(&random, WIDTH);
        ones[line] = 1;
    }
    for (uint32_t d = 0; d < 3 * WIDTH; d++) {
        day[d] = (numu_day)below(&random, DAYS);
        quantity[d] = 1 + below(&random, 9);
    }
    struct numu_materials m = {.day_count = DAYS,
                               .part_count = MANY,
                               .source_start = one_start,
                               .lots = policy,
                               .part_lot = part_lot,
                               .source_calendar = calendar,
                               .source_lead_days = lead,
                               .source_release = zero,
                               .source_first_due = zero,
                               .source_last_due = last_due,
                               .source_yield = yield,
                               .line_start = line_start,
                               .line_part = line_part,
                               .line_numerator = ones,
                               .line_denominator = ones,
                               .demand_start = demand_start,
                               .demand_day = day,
                               .demand_quantity = quantity};
    struct numu_heap heap;
    struct numu_context context = context_of(&heap, 1);
    struct numu_orders one;
    assert_int_equal(numu_explode(&context, &m, &one), NUMU_OK);
    for (unsigned threads = 2; threads <= 8; threads *= 2) {
        struct numu_orders many;
        context.threads = threads;
        assert_int_equal(numu_explode(&context, &m, &many), NUMU_OK);
        assert_int_equal(many.total, one.total);
        for (uint32_t part = 0; part < MANY; part++) {
            assert_int_equal(many.count[part], one.count[part]);
            assert_memory_equal(many.list[part], one.list[part],
                                one.count[part] * sizeof(struct numu_order));
        }
        numu_orders_release(&many);
    }
    numu_orders_release(&one);
    assert_int_equal(heap.bytes, 0);
}

static void test_without_memory(void **state) {
    (void)state;
    static struct problem p;
    struct numu_random random;
    numu_random_init(&random, 8, 0);
    do {
        make_problem(&p, &random);
    } while (p.m.part_count < PARTS);
    bool is_done = false;
    for (uint_fast64_t n = 1; !is_done; n++) {
        struct numu_heap heap;
        struct numu_context context = context_of(&heap, 1);
        struct numu_orders orders;
        heap.fail_at = n;
        numu_status status = numu_explode(&context, &p.m, &orders);
        is_done = status == NUMU_OK;
        assert_true(is_done || status == NUMU_MEMORY);
        assert_true(is_done || n < 100);
        numu_orders_release(&orders);
        assert_int_equal(heap.bytes, 0);
    }
}

static void test_stopped(void **state) {
    (void)state;
    static struct problem p;
    struct numu_heap heap;
    struct numu_context context = context_of(&heap, 1);
    struct numu_orders orders;
    atomic_bool stop;
    atomic_init(&stop, true);
    context.stop = &stop;
    small(&p, 1);
    assert_int_equal(numu_explode(&context, &p.m, &orders), NUMU_STOPPED);
    numu_orders_release(&orders);
}

static void test_nothing(void **state) {
    (void)state;
    static struct problem p;
    struct numu_heap heap;
    struct numu_context context = context_of(&heap, 0);
    struct numu_orders orders;
    small(&p, 0);
    assert_int_equal(numu_explode(&context, &p.m, &orders), NUMU_OK);
    assert_int_equal(orders.total, 0);
    numu_orders_release(&orders);
    assert_int_equal(heap.bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_twin),
        cmocka_unit_test(test_net_change),
        cmocka_unit_test(test_textbook_record),
        cmocka_unit_test(test_exceptions_of_receipts),
        cmocka_unit_test(test_exceptions_of_orders),
        cmocka_unit_test(test_shelf_life),
        cmocka_unit_test(test_effectivity),
        cmocka_unit_test(test_working_days),
        cmocka_unit_test(test_cycle_is_told),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_given_orders),
        cmocka_unit_test(test_threads_give_the_same),
        cmocka_unit_test(test_without_memory),
        cmocka_unit_test(test_stopped),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * explode.c - levels of the bills one after the other; within a level each part pulls.
 *
 * A part's requirement is added up in an array by day, with bits that say which days hold any (and
 * bits that say which words of bits do), so that a part costs its requirements and not the horizon.
 * The arrays belong to a worker and are clean again after each part. Whatever the order of adding,
 * the sums are the same, and an overflow of partial sums of what is never negative is one of the
 * whole sum [E5].
 */
#include "plan/explode.h"

#include "base/parallel.h"

#include <string.h>

enum { PARTS_A_TASK = 128, CHUNK_ORDERS = 1 << 14 };

/* What has become of a receipt. */
enum { OUTSTANDING = 0, ARRIVED, DRAWN };

/* --- figures --- */

numu_status numu_line_requirement(numu_quantity started, int64_t numerator, int64_t denominator,
                                  numu_quantity *out) {
    int64_t product = 0;
    if (!__builtin_mul_overflow(started, numerator, &product)) {
        *out = denominator == 1 ? product
                                : product / denominator + (product % denominator != 0 ? 1 : 0);
        return NUMU_OK;
    }
    return numu_multiply_divide(started, numerator, denominator, NUMU_ROUND_CEILING, out);
}

bool numu_line_holds(const struct numu_materials *materials, uint32_t line, numu_day start) {
    return materials->line_starts == NULL ||
           (materials->line_starts[line] <= start && start <= materials->line_ends[line]);
}

numu_status numu_started(numu_quantity quantity, numu_decimal yield, numu_quantity step,
                         numu_quantity *out) {
    if (yield == NUMU_DECIMAL_ONE) {
        *out = quantity;
        return NUMU_OK;
    }
    numu_quantity started = 0;
    NUMU_TRY(numu_multiply_divide(quantity, NUMU_DECIMAL_ONE, yield, NUMU_ROUND_CEILING, &started));
    return numu_lot_round_up(started, step, (struct numu_lot_rounding){0, 0}, out);
}

/* --- what a worker has --- */

struct worker {
    struct numu_arena *arena;   /* of orders that stay */
    struct numu_arena *scratch; /* of the worker's arrays, and of lot sizing */
    struct numu_order *chunk;   /* room in `arena` for orders to come */
    uint32_t chunk_left;
    /* Requirement by day, and which days and words of bits are not empty. */
    numu_quantity *bucket;
    uint64_t *bits, *words;
    /* The part at hand: days with requirement; what is lacking; its orders. */
    uint32_t event_count, net_count, order_count;
    numu_day *event_day;
    numu_quantity *event_quantity;
    numu_day *net_day;
    numu_quantity *net_quantity;
    uint32_t *net_end;
    struct numu_order *order;
    /* By receipt of the part: drawn on or arrived; what is left of it (expiring ones). */
    uint32_t receipt_room;
    uint8_t *is_in;
    numu_quantity *left;
    struct numu_buffer *exceptions; /* NULL where nobody asks */
    numu_status exception_status;
};

struct run {
    const struct numu_context *context;
    const struct numu_materials *materials;
    struct numu_orders *orders;
    struct worker *workers;
    uint32_t level;
    uint32_t *failed; /* by task of the level: the part that failed */
};

static numu_status init_worker(const struct numu_materials *materials, struct numu_arena *scratch,
                               struct numu_arena *arena, struct worker *out) {
    size_t days = (size_t)materials->day_count + 1;
    size_t words = days / 64 + 1;
    memset(out, 0, sizeof *out);
    out->arena = arena;
    out->scratch = scratch;
    NUMU_TRY(NUMU_TAKE(scratch, &out->bucket, days));
    NUMU_TRY(NUMU_TAKE(scratch, &out->bits, words));
    NUMU_TRY(NUMU_TAKE(scratch, &out->words, words / 64 + 1));
    NUMU_TRY(NUMU_TAKE(scratch, &out->event_day, days));
    NUMU_TRY(NUMU_TAKE(scratch, &out->event_quantity, days));
    NUMU_TRY(NUMU_TAKE(scratch, &out->net_day, days));
    NUMU_TRY(NUMU_TAKE(scratch, &out->net_quantity, days));
    NUMU_TRY(NUMU_TAKE(scratch, &out->net_end, days));
    return NUMU_TAKE(scratch, &out->order, days);
}

static void tell(struct worker *worker, const struct numu_exception *exception) {
    if (worker->exceptions != NULL && worker->exception_status == NUMU_OK) {
        worker->exception_status =
            numu_buffer_append(worker->exceptions, exception, sizeof *exception);
    }
}

/* --- gross requirement [E1] --- */

static inline numu_status add(struct worker *worker, uint32_t day, numu_quantity quantity) {
    worker->bits[day / 64] |= UINT64_C(1) << day % 64;
    worker->words[day / 4096] |= UINT64_C(1) << day / 64 % 64;
    bool is_over = __builtin_add_overflow(worker->bucket[day], quantity, &worker->bucket[day]);
    return is_over ? NUMU_LIMIT : NUMU_OK;
}

static numu_status pull(const struct run *run, struct worker *worker, const struct numu_use *use) {
    const struct numu_materials *materials = run->materials;
    const struct numu_order *order = run->orders->list[use->part];
    const struct numu_order *end = order + run->orders->count[use->part];
    bool has_window = materials->line_starts != NULL;
    for (; order < end; order++) {
        if (order->source != use->source ||
            (has_window && !numu_line_holds(materials, use->line, order->start))) {
            continue;
        }
        numu_quantity quantity = 0;
        NUMU_TRY(
            numu_line_requirement(order->started, use->numerator, use->denominator, &quantity));
        NUMU_TRY(add(worker, (uint32_t)(order->start - materials->first), quantity));
    }
    return NUMU_OK;
}

/* Below this a balance is not to fall. */
static numu_quantity floor_of(const struct numu_materials *materials, uint32_t part) {
    numu_quantity safety = materials->safety_stock == NULL ? 0 : materials->safety_stock[part];
    numu_quantity level = materials->reorder_level == NULL ? 0 : materials->reorder_level[part];
    return safety > level ? safety : level;
}

/* Moves the sums to the list of events, in order of days, and leaves the arrays clean. */
static void list_events(const struct numu_materials *materials, struct worker *worker) {
    uint32_t count = 0;
    for (uint32_t w = 0; w <= materials->day_count / 4096; w++) {
        for (; worker->words[w] != 0; worker->words[w] &= worker->words[w] - 1) {
            uint32_t word = w * 64 + (uint32_t)__builtin_ctzll(worker->words[w]);
            for (; worker->bits[word] != 0; worker->bits[word] &= worker->bits[word] - 1) {
                uint32_t day = word * 64 + (uint32_t)__builtin_ctzll(worker->bits[word]);
                worker->event_day[count] = materials->first + (numu_day)day;
                worker->event_quantity[count++] = worker->bucket[day];
                worker->bucket[day] = 0;
            }
        }
    }
    worker->event_count = count;
}

static numu_status gather(const struct run *run, struct worker *worker, uint32_t part) {
    const struct numu_materials *materials = run->materials;
    const struct numu_orders *orders = run->orders;
    for (uint32_t u = orders->use_start[part]; u < orders->use_start[part + 1]; u++) {
        if (u + 4 < orders->use_start[part + 1]) { /* the orders of a taker four uses on */
            __builtin_prefetch(orders->list[orders->use[u + 4].part]);
        }
        NUMU_TRY(pull(run, worker, &orders->use[u]));
    }
    for (uint32_t d = materials->demand_start[part]; d < materials->demand_start[part + 1]; d++) {
        int64_t day = (int64_t)materials->demand_day[d] - materials->first;
        numu_assert(day >= 0 && day < materials->day_count);
        NUMU_TRY(add(worker, (uint32_t)day, materials->demand_quantity[d]));
    }
    if (materials->safety_stock != NULL && materials->safety_stock[part] > 0) {
        NUMU_TRY(add(worker, 0, 0)); /* it is to be there on the first day */
    }
    list_events(materials, worker);
    return NUMU_OK;
}

/* --- sources [E3] --- */

/* The source of an order needed on a day, and the day it can be there; false where there is none.
 */
static bool choose_source(const struct numu_materials *materials, uint32_t part, numu_day need,
                          uint32_t *out_source, numu_day *out_due) {
    numu_day best = INT32_MAX;
    for (uint32_t s = materials->source_start[part]; s < materials->source_start[part + 1]; s++) {
        numu_day first = materials->source_first_due[s];
        numu_day due = first > need ? first : need;
        if (due <= materials->source_last_due[s] && due < best) {
            best = due;
            *out_source = s;
            if (due == need) {
                break;
            }
        }
    }
    *out_due = best;
    return best != INT32_MAX;
}

static numu_day start_of(const struct numu_materials *materials, uint32_t source, numu_day due) {
    int32_t lead = materials->source_lead_days[source];
    if (due == materials->source_first_due[source]) {
        return materials->source_release[source];
    }
    if (lead == 0) {
        return due;
    }
    if (materials->source_calendar[source] == NUMU_EVERY_DAY) {
        return due - lead;
    }
    const struct numu_rank_calendar *calendar =
        &materials->calendars[materials->source_calendar[source]];
    return calendar->worked[calendar->rank[due - materials->first] - lead]; /* [K2] */
}

/* --- netting [E2] --- */

struct netting {
    const struct numu_materials *materials;
    struct worker *worker;
    uint32_t part;
    uint32_t first, count; /* receipts of the part */
    uint32_t next;         /* the first that has not arrived */
    numu_quantity floor, balance;
    uint32_t waiting;    /* the first arrived one that is not known to be needed */
    numu_quantity spare; /* of those */
    bool expires;
};

static numu_day receipt_day(const struct netting *net, uint32_t r) {
    numu_day day = net->materials->receipt_day[net->first + r];
    return day > net->materials->first ? day : net->materials->first;
}

static bool has_flag(const struct netting *net, uint32_t r, uint8_t flag) {
    return (net->materials->receipt_flags[net->first + r] & flag) != 0;
}

static void tell_receipt(const struct netting *net, numu_exception_kind kind, uint32_t r,
                         numu_day from, numu_day to, numu_quantity quantity) {
    if (!has_flag(net, r, NUMU_RECEIPT_STOCK) || kind == NUMU_EXCEPTION_EXPIRES) {
        tell(net->worker, &(struct numu_exception){kind, net->part, r, from, to, quantity});
    }
}

static numu_status take_in(struct netting *net, uint32_t r) {
    numu_quantity quantity = net->materials->receipt_quantity[net->first + r];
    net->worker->is_in[r] = ARRIVED;
    net->worker->left[r] = quantity;
    return numu_add(net->balance, quantity, &net->balance);
}

/* What has come by a day. */
static numu_status arrive(struct netting *net, numu_day day) {
    for (; net->next < net->count && receipt_day(net, net->next) <= day; net->next++) {
        uint32_t r = net->next;
        numu_quantity quantity = net->materials->receipt_quantity[net->first + r];
        if (net->materials->receipt_day[net->first + r] < net->materials->first) {
            tell_receipt(net, NUMU_EXCEPTION_PAST_DUE, r,
                         net->materials->receipt_day[net->first + r], net->materials->first,
                         quantity);
        }
        if (net->worker->is_in[r] == OUTSTANDING) {
            NUMU_TRY(take_in(net, r));
            NUMU_TRY(numu_add(net->spare, quantity, &net->spare));
        }
    }
    return NUMU_OK;
}

/* Loses what is too old, and takes a requirement from the oldest. */
static void age(struct netting *net, numu_day day, numu_quantity requirement) {
    for (uint32_t r = 0; r < net->count; r++) {
        numu_quantity *left = &net->worker->left[r];
        if (net->worker->is_in[r] == OUTSTANDING || *left == 0) {
            continue;
        }
        numu_day last = net->materials->receipt_expires[net->first + r];
        if (last < day) {
            tell_receipt(net, NUMU_EXCEPTION_EXPIRES, r, last, last, *left);
            net->balance -= *left;
            *left = 0;
        }
    }
    for (uint32_t r = 0; r < net->count && requirement > 0; r++) {
        if (net->worker->is_in[r] != OUTSTANDING) {
            numu_quantity *left = &net->worker->left[r];
            numu_quantity taken = *left < requirement ? *left : requirement;
            *left -= taken;
            requirement -= taken;
        }
    }
}

/* Draws on receipts that come later, while the balance is below the floor. */
static numu_status draw(struct netting *net, numu_day day) {
    uint32_t source;
    numu_day due;
    (void)choose_source(net->materials, net->part, day, &source, &due);
    for (uint32_t r = net->next; r < net->count && net->balance < net->floor; r++) {
        bool can_wait = !has_flag(net, r, NUMU_RECEIPT_FIRM) || receipt_day(net, r) <= due;
        if (net->worker->is_in[r] == OUTSTANDING && can_wait) {
            NUMU_TRY(take_in(net, r));
            net->worker->is_in[r] = DRAWN;
            tell_receipt(net, NUMU_EXCEPTION_EXPEDITE, r, receipt_day(net, r), day,
                         net->materials->receipt_quantity[net->first + r]);
        }
    }
    return NUMU_OK;
}

/* Which of the receipts that came are needed by now: the oldest first. */
static void find_needed(struct netting *net, numu_day day) {
    for (; net->waiting < net->next && net->balance - net->spare < net->floor; net->waiting++) {
        uint32_t r = net->waiting;
        numu_quantity quantity = net->materials->receipt_quantity[net->first + r];
        if (net->worker->is_in[r] == DRAWN) {
            continue; /* drawn on: was never spare */
        }
        net->spare -= quantity;
        if (day > receipt_day(net, r) && !has_flag(net, r, NUMU_RECEIPT_FIRM)) {
            tell_receipt(net, NUMU_EXCEPTION_POSTPONE, r, receipt_day(net, r), day, quantity);
        }
    }
}

static void tell_unneeded(const struct netting *net) {
    for (uint32_t r = 0; r < net->count; r++) {
        bool is_spare = net->worker->is_in[r] == OUTSTANDING ||
                        (net->worker->is_in[r] == ARRIVED && r >= net->waiting);
        if (is_spare && !has_flag(net, r, NUMU_RECEIPT_FIRM)) {
            tell_receipt(net, NUMU_EXCEPTION_CANCEL, r, receipt_day(net, r), receipt_day(net, r),
                         net->materials->receipt_quantity[net->first + r]);
        }
    }
}

static numu_status make_receipt_room(struct worker *worker, uint32_t count) {
    if (count > worker->receipt_room) {
        NUMU_TRY(NUMU_TAKE(worker->scratch, &worker->is_in, (size_t)count * 2));
        NUMU_TRY(NUMU_TAKE(worker->scratch, &worker->left, (size_t)count * 2));
        worker->receipt_room = count * 2;
    }
    if (count > 0) {
        memset(worker->is_in, OUTSTANDING, count);
    }
    return NUMU_OK;
}

static numu_status net_day(struct netting *net, numu_day day, numu_quantity requirement) {
    struct worker *worker = net->worker;
    NUMU_TRY(arrive(net, day));
    if (net->expires) {
        age(net, day, requirement);
    }
    NUMU_TRY(numu_subtract(net->balance, requirement, &net->balance));
    if (net->balance < net->floor && net->count > 0) {
        NUMU_TRY(draw(net, day));
    }
    if (net->balance < net->floor) {
        worker->net_day[worker->net_count] = day;
        NUMU_TRY(numu_subtract(net->floor, net->balance, &worker->net_quantity[worker->net_count]));
        worker->net_count++;
        net->balance = net->floor;
    }
    find_needed(net, day);
    return NUMU_OK;
}

static numu_status find_net(const struct run *run, struct worker *worker, uint32_t part) {
    const struct numu_materials *materials = run->materials;
    struct netting net = {.materials = materials, .worker = worker, .part = part};
    if (materials->receipt_start != NULL) {
        net.first = materials->receipt_start[part];
        net.count = materials->receipt_start[part + 1] - net.first;
        net.expires = materials->receipt_expires != NULL;
    }
    net.floor = floor_of(materials, part);
    NUMU_TRY(make_receipt_room(worker, net.count));
    worker->net_count = 0;
    for (uint32_t e = 0; e < worker->event_count; e++) {
        NUMU_TRY(net_day(&net, worker->event_day[e], worker->event_quantity[e]));
    }
    if (worker->exceptions != NULL) {
        NUMU_TRY(arrive(&net, INT32_MAX));
        tell_unneeded(&net);
    }
    return NUMU_OK;
}

/* --- orders --- */

/* A part's orders as they are made. */
struct making {
    const struct numu_materials *materials;
    struct worker *worker;
    uint32_t part;
    const struct numu_lot_policy *policy;
    numu_quantity left;  /* of earlier orders, not yet needed */
    numu_day left_until; /* its last day; INT32_MAX = keeps */
    uint32_t lot_end;    /* WAGNER_WHITIN: end of the lot that the need at hand is in */
    numu_quantity late;  /* of orders that are not there yet … */
    numu_day late_until; /* … before this day */
};

/* What else an order on need i is to cover, i + 1 … . */
static numu_status cover(const struct making *making, uint32_t i, numu_quantity *quantity) {
    const struct worker *worker = making->worker;
    const struct numu_lot_policy *policy = making->policy;
    for (uint32_t j = i + 1; j < worker->net_count; j++) {
        int64_t days = (int64_t)worker->net_day[j] - worker->net_day[i];
        bool is_in = policy->kind == NUMU_LOT_PERIOD ? days < policy->size : j < making->lot_end;
        if (!is_in || (policy->shelf_days > 0 && days > policy->shelf_days)) {
            break;
        }
        NUMU_TRY(numu_add(*quantity, worker->net_quantity[j], quantity));
    }
    return NUMU_OK;
}

static numu_status size_of(const struct making *making, uint32_t i, numu_quantity lacking,
                           uint32_t source, numu_quantity *out) {
    const struct numu_lot_policy *policy = making->policy;
    struct numu_lot_rounding rounding = {0, 0};
    numu_quantity quantity = lacking;
    if (making->materials->source_rounding != NULL) {
        rounding = making->materials->source_rounding[source];
    }
    switch (policy->kind) {
    case NUMU_LOT_FIXED:
        NUMU_TRY(
            numu_lot_round_up(quantity, policy->size, (struct numu_lot_rounding){0, 0}, &quantity));
        break;
    case NUMU_LOT_PERIOD:
    case NUMU_LOT_WAGNER_WHITIN:
        NUMU_TRY(cover(making, i, &quantity));
        break;
    case NUMU_LOT_MIN_MAX:
        NUMU_TRY(numu_add(quantity, policy->size, &quantity));
        break;
    default:
        break;
    }
    return numu_lot_round_up(quantity, policy->step, rounding, out);
}

/* A late order: what of the floor, or of the need itself, waits for it. */
static void tell_late(struct making *making, const struct numu_order *order,
                      numu_quantity lacking) {
    if (making->worker->exceptions == NULL || order->due == order->need) {
        return;
    }
    if (order->need >= making->late_until) {
        making->late = 0;
    }
    if (__builtin_add_overflow(making->late, lacking, &making->late)) {
        making->late = INT64_MAX;
    }
    making->late_until = order->due > making->late_until ? order->due : making->late_until;
    const struct numu_materials *materials = making->materials;
    numu_quantity safety =
        materials->safety_stock == NULL ? 0 : materials->safety_stock[making->part];
    numu_quantity balance = floor_of(materials, making->part) - making->late;
    if (balance < safety) {
        tell(making->worker, &(struct numu_exception){balance < 0 ? NUMU_EXCEPTION_LEAD_TIME
                                                                  : NUMU_EXCEPTION_BELOW_SAFETY,
                                                      making->part, making->worker->order_count,
                                                      order->need, order->due, order->quantity});
    }
}

static numu_status make(struct making *making, uint32_t i, numu_quantity lacking) {
    const struct numu_materials *materials = making->materials;
    struct worker *worker = making->worker;
    struct numu_order order = {.need = worker->net_day[i]};
    if (!choose_source(materials, making->part, order.need, &order.source, &order.due)) {
        tell(worker, &(struct numu_exception){NUMU_EXCEPTION_NO_SOURCE, making->part, NUMU_NONE,
                                              order.need, order.need, lacking});
        making->left = 0;
        return NUMU_OK;
    }
    order.start = start_of(materials, order.source, order.due);
    NUMU_TRY(size_of(making, i, lacking, order.source, &order.quantity));
    NUMU_TRY(numu_started(order.quantity, materials->source_yield[order.source],
                          making->policy->step, &order.started));
    tell_late(making, &order, lacking);
    worker->order[worker->order_count++] = order;
    making->left = order.quantity - lacking;
    making->left_until =
        making->policy->shelf_days > 0 ? order.due + making->policy->shelf_days : INT32_MAX;
    return NUMU_OK;
}

static void tell_excess(const struct making *making) {
    struct worker *worker = making->worker;
    if (worker->exceptions == NULL || worker->order_count == 0) {
        return;
    }
    const struct numu_order *last = &worker->order[worker->order_count - 1];
    numu_quantity wanted = making->policy->kind == NUMU_LOT_MIN_MAX ? making->policy->size : 0;
    numu_quantity excess = making->left - wanted;
    if (excess >= making->policy->step && excess > last->quantity / 2) {
        tell(worker,
             &(struct numu_exception){NUMU_EXCEPTION_EXCESS, making->part, worker->order_count - 1,
                                      last->need, last->due, excess});
    }
}

static numu_status make_orders(const struct run *run, struct worker *worker, uint32_t part) {
    const struct numu_materials *materials = run->materials;
    struct making making = {.materials = materials,
                            .worker = worker,
                            .part = part,
                            .policy = &materials->lots[materials->part_lot[part]],
                            .left_until = INT32_MAX,
                            .late_until = INT32_MIN};
    worker->order_count = 0;
    if (making.policy->kind == NUMU_LOT_WAGNER_WHITIN) {
        NUMU_TRY(numu_lot_wagner_whitin(worker->scratch, worker->net_day, worker->net_quantity,
                                        worker->net_count, making.policy, worker->net_end));
    }
    for (uint32_t i = 0; i < worker->net_count; i++) {
        numu_quantity need = worker->net_quantity[i];
        if (making.policy->kind == NUMU_LOT_WAGNER_WHITIN && worker->net_end[i] > 0) {
            making.lot_end = worker->net_end[i];
        }
        if (worker->net_day[i] > making.left_until) {
            making.left = 0;
        }
        if (need <= making.left) {
            making.left -= need;
        } else {
            NUMU_TRY(make(&making, i, need - making.left));
        }
    }
    tell_excess(&making);
    return NUMU_OK;
}

/* --- a part, a level, all --- */

static numu_status plan_part(const struct run *run, struct worker *worker, uint32_t part) {
    NUMU_TRY(gather(run, worker, part));
    NUMU_TRY(find_net(run, worker, part));
    return make_orders(run, worker, part);
}

static numu_status keep(struct numu_orders *orders, struct worker *worker, uint32_t part) {
    uint32_t count = worker->order_count;
    if (count > worker->chunk_left) {
        uint32_t room = count > CHUNK_ORDERS ? count : CHUNK_ORDERS;
        NUMU_TRY(NUMU_TAKE(worker->arena, &worker->chunk, room));
        worker->chunk_left = room;
    }
    if (count > 0) {
        memcpy(worker->chunk, worker->order, count * sizeof *worker->order);
    }
    orders->list[part] = worker->chunk;
    orders->count[part] = count;
    worker->chunk += count;
    worker->chunk_left -= count;
    return NUMU_OK;
}

static bool is_given(const struct numu_materials *materials, uint32_t part) {
    return materials->part_is_given != NULL && materials->part_is_given[part] != 0;
}

static numu_status plan_task(void *data, size_t index, unsigned number) {
    struct run *run = data;
    struct numu_orders *orders = run->orders;
    uint32_t from = orders->level_start[run->level] + (uint32_t)index * PARTS_A_TASK;
    uint32_t end = orders->level_start[run->level + 1];
    for (uint32_t i = from; i < end && i - from < PARTS_A_TASK; i++) {
        uint32_t part = orders->sequence[i];
        if (is_given(run->materials, part)) {
            continue;
        }
        numu_status status = plan_part(run, &run->workers[number], part);
        if (status != NUMU_OK) {
            run->failed[index] = part;
            return status;
        }
        NUMU_TRY(keep(orders, &run->workers[number], part));
    }
    return NUMU_OK;
}

static void place_given(const struct numu_materials *materials, struct numu_orders *orders) {
    for (uint32_t part = 0; part < materials->part_count; part++) {
        if (is_given(materials, part)) {
            uint32_t first = materials->given_start[part];
            orders->list[part] = materials->given + first;
            orders->count[part] = materials->given_start[part + 1] - first;
        }
    }
}

static void count_orders(struct numu_orders *orders) {
    orders->total = 0;
    for (uint32_t part = 0; part < orders->part_count; part++) {
        orders->total += orders->count[part];
    }
}

static numu_status plan_levels(struct run *run) {
    struct numu_orders *orders = run->orders;
    for (run->level = 0; run->level < orders->level_count; run->level++) {
        uint32_t parts = orders->level_start[run->level + 1] - orders->level_start[run->level];
        uint32_t tasks = parts / PARTS_A_TASK + (parts % PARTS_A_TASK != 0 ? 1 : 0);
        memset(run->failed, 0xff, tasks * sizeof *run->failed);
        numu_status status = numu_parallel_for(run->context, tasks, plan_task, run);
        for (uint32_t task = 0; status == NUMU_LIMIT && task < tasks; task++) {
            if (run->failed[task] != NUMU_NONE) {
                orders->too_large = run->failed[task];
                break;
            }
        }
        NUMU_TRY(status);
        numu_context_progress(run->context, "orders",
                              (double)(run->level + 1) / orders->level_count);
    }
    return NUMU_OK;
}

/* --- who takes whom, and levels --- */

static numu_status list_uses(const struct numu_materials *materials, struct numu_arena *arena,
                             struct numu_orders *orders) {
    uint32_t lines = materials->line_start[materials->source_start[materials->part_count]];
    uint32_t *start;
    NUMU_TRY(NUMU_TAKE(arena, &start, (size_t)materials->part_count + 2));
    NUMU_TRY(NUMU_TAKE(arena, &orders->use, lines));
    for (uint32_t line = 0; line < lines; line++) {
        start[materials->line_part[line] + 2]++;
    }
    for (size_t part = 2; part < (size_t)materials->part_count + 2; part++) {
        start[part] += start[part - 1];
    }
    for (uint32_t part = 0; part < materials->part_count; part++) {
        for (uint32_t s = materials->source_start[part]; s < materials->source_start[part + 1];
             s++) {
            for (uint32_t line = materials->line_start[s]; line < materials->line_start[s + 1];
                 line++) {
                numu_assert(materials->line_numerator[line] > 0 &&
                            materials->line_denominator[line] > 0);
                orders->use[start[materials->line_part[line] + 1]++] =
                    (struct numu_use){part, s, line, materials->line_numerator[line],
                                      materials->line_denominator[line]};
            }
        }
    }
    orders->use_start = start;
    return NUMU_OK;
}

/* The parts below a part, once a line. */
static void visit_below(const struct numu_materials *materials, uint32_t part,
                        void (*visit)(void *data, uint32_t below), void *data) {
    uint32_t from = materials->line_start[materials->source_start[part]];
    uint32_t end = materials->line_start[materials->source_start[part + 1]];
    for (uint32_t line = from; line < end; line++) {
        visit(data, materials->line_part[line]);
    }
}

struct levels {
    uint32_t *waiting; /* by part: uses whose taker has no level yet */
    uint32_t *level;
    uint32_t *queue; /* parts in the order they got their level */
    uint32_t count;
    uint32_t next_level;
};

static void release_use(void *data, uint32_t below) {
    struct levels *levels = data;
    if (--levels->waiting[below] == 0) {
        levels->level[below] = levels->next_level;
        levels->queue[levels->count++] = below;
    }
}

/* Whether what a part takes has to wait for its orders: given ones are there before all. */
static uint32_t waits_for(const struct numu_materials *materials, uint32_t taker) {
    return is_given(materials, taker) ? 0 : 1;
}

/*
 * Low-level codes: the longest way down from a part that nothing takes. A part gets its level when
 * the last of its takers has, which is the deepest (A. B. Kahn, CACM 5(11), 1962).
 */
static void find_levels(const struct numu_materials *materials, const struct numu_orders *orders,
                        struct levels *levels) {
    for (uint32_t part = 0; part < materials->part_count; part++) {
        for (uint32_t u = orders->use_start[part]; u < orders->use_start[part + 1]; u++) {
            levels->waiting[part] += waits_for(materials, orders->use[u].part);
        }
        if (levels->waiting[part] == 0) {
            levels->queue[levels->count++] = part;
        }
    }
    for (uint32_t i = 0; i < levels->count; i++) {
        if (waits_for(materials, levels->queue[i]) != 0) {
            levels->next_level = levels->level[levels->queue[i]] + 1;
            visit_below(materials, levels->queue[i], release_use, levels);
        }
    }
}

/* From a part that got no level up to a taker that got none, until one comes again. */
static numu_status find_cycle(const struct numu_materials *materials, struct numu_arena *arena,
                              const uint32_t *waiting, struct numu_orders *orders) {
    uint32_t *step; /* by part: when it was met, from 1 */
    uint32_t *path;
    NUMU_TRY(NUMU_TAKE(arena, &step, materials->part_count));
    NUMU_TRY(NUMU_TAKE(arena, &path, materials->part_count));
    uint32_t part = 0;
    while (waiting[part] == 0) {
        part++;
    }
    uint32_t count = 0;
    while (step[part] == 0) {
        path[count++] = part;
        step[part] = count;
        uint32_t u = orders->use_start[part];
        while (waiting[orders->use[u].part] == 0 || is_given(materials, orders->use[u].part)) {
            u++;
        }
        part = orders->use[u].part;
    }
    orders->cycle = path + step[part] - 1;
    orders->cycle_length = count - (step[part] - 1);
    return NUMU_INVALID;
}

static numu_status sort_by_level(const struct numu_materials *materials, struct numu_arena *arena,
                                 const uint32_t *level, uint32_t deepest,
                                 struct numu_orders *orders) {
    uint32_t *start;
    NUMU_TRY(NUMU_TAKE(arena, &start, (size_t)deepest + 3));
    NUMU_TRY(NUMU_TAKE(arena, &orders->sequence, materials->part_count));
    NUMU_TRY(NUMU_TAKE(arena, &orders->rank, materials->part_count));
    for (uint32_t part = 0; part < materials->part_count; part++) {
        start[level[part] + 2]++;
    }
    for (size_t l = 2; l < (size_t)deepest + 3; l++) {
        start[l] += start[l - 1];
    }
    for (uint32_t part = 0; part < materials->part_count; part++) {
        orders->rank[part] = start[level[part] + 1]++;
        orders->sequence[orders->rank[part]] = part;
    }
    orders->level_start = start;
    orders->level_count = materials->part_count == 0 ? 0 : deepest + 1;
    return NUMU_OK;
}

static numu_status build_levels(const struct numu_materials *materials, struct numu_arena *scratch,
                                struct numu_arena *arena, struct numu_orders *orders) {
    struct levels levels = {.count = 0};
    NUMU_TRY(list_uses(materials, arena, orders));
    NUMU_TRY(NUMU_TAKE(scratch, &levels.waiting, materials->part_count));
    NUMU_TRY(NUMU_TAKE(scratch, &levels.level, materials->part_count));
    NUMU_TRY(NUMU_TAKE(scratch, &levels.queue, materials->part_count));
    find_levels(materials, orders, &levels);
    if (levels.count < materials->part_count) {
        return find_cycle(materials, arena, levels.waiting, orders);
    }
    uint32_t deepest = levels.count == 0 ? 0 : levels.level[levels.queue[levels.count - 1]];
    return sort_by_level(materials, arena, levels.level, deepest, orders);
}

/* --- the whole --- */

static numu_status init_orders(const struct numu_context *context,
                               const struct numu_materials *materials, unsigned threads,
                               struct numu_orders *out) {
    struct numu_arena first;
    numu_arena_init(&first, context->heap);
    memset(out, 0, sizeof *out);
    out->too_large = NUMU_NONE;
    NUMU_TRY(NUMU_TAKE(&first, &out->arenas, (size_t)threads + 1));
    for (unsigned i = 0; i < threads; i++) {
        numu_arena_init(&out->arenas[i], context->heap);
    }
    out->arena_count = threads + 1;
    out->part_count = materials->part_count;
    out->arenas[threads] = first;
    return NUMU_OK;
}

static numu_status explode(struct run *run, struct numu_arena *scratches, unsigned threads) {
    const struct numu_materials *materials = run->materials;
    struct numu_orders *orders = run->orders;
    struct numu_arena *arena = &orders->arenas[threads];
    NUMU_TRY(build_levels(materials, &scratches[0], arena, orders));
    NUMU_TRY(numu_arena_take(arena, materials->part_count, sizeof(const struct numu_order *),
                             &orders->list));
    NUMU_TRY(NUMU_TAKE(arena, &orders->count, materials->part_count));
    NUMU_TRY(NUMU_TAKE(&scratches[0], &run->workers, threads));
    NUMU_TRY(
        NUMU_TAKE(&scratches[0], &run->failed, (size_t)materials->part_count / PARTS_A_TASK + 1));
    for (unsigned i = 0; i < threads; i++) {
        NUMU_TRY(init_worker(materials, &scratches[i], &orders->arenas[i], &run->workers[i]));
    }
    place_given(materials, orders);
    NUMU_TRY(plan_levels(run));
    count_orders(orders);
    return NUMU_OK;
}

numu_status numu_explode(const struct numu_context *context, const struct numu_materials *materials,
                         struct numu_orders *out) {
    unsigned threads = numu_context_threads(context);
    struct numu_arena scratches[NUMU_THREADS_MAX];
    NUMU_TRY(init_orders(context, materials, threads, out));
    for (unsigned i = 0; i < threads; i++) {
        numu_arena_init(&scratches[i], context->heap);
    }
    struct run run = {.context = context, .materials = materials, .orders = out};
    numu_status status = explode(&run, scratches, threads);
    for (unsigned i = 0; i < threads; i++) {
        numu_arena_release(&scratches[i]);
    }
    return status;
}

void numu_orders_release(struct numu_orders *orders) {
    if (orders->arena_count > 0) {
        struct numu_arena last = orders->arenas[orders->arena_count - 1]; /* it holds the list */
        for (uint32_t i = 0; i + 1 < orders->arena_count; i++) {
            numu_arena_release(&orders->arenas[i]);
        }
        numu_arena_release(&last);
    }
    memset(orders, 0, sizeof *orders);
}

/* --- net change --- */

struct change {
    const struct numu_orders *orders;
    uint64_t *dirty; /* bits, by rank */
};

static void mark(void *data, uint32_t part) {
    struct change *change = data;
    uint32_t rank = change->orders->rank[part];
    change->dirty[rank / 64] |= UINT64_C(1) << rank % 64;
}

static bool is_as_before(const struct numu_orders *orders, const struct worker *worker,
                         uint32_t part) {
    return orders->count[part] == worker->order_count &&
           (worker->order_count == 0 || memcmp(orders->list[part], worker->order,
                                               worker->order_count * sizeof *worker->order) == 0);
}

static numu_status change_part(const struct run *run, struct change *change, uint32_t part) {
    struct worker *worker = run->workers;
    numu_status status = plan_part(run, worker, part);
    if (status == NUMU_LIMIT) {
        run->orders->too_large = part;
    }
    NUMU_TRY(status);
    if (!is_as_before(run->orders, worker, part)) {
        run->orders->total -= run->orders->count[part];
        NUMU_TRY(keep(run->orders, worker, part));
        run->orders->total += run->orders->count[part];
        visit_below(run->materials, part, mark, change);
    }
    return NUMU_OK;
}

static numu_status change_all(const struct run *run, struct numu_arena *scratch,
                              const uint32_t *parts, uint32_t count, uint32_t *out_count) {
    struct change change = {.orders = run->orders};
    uint32_t words = run->materials->part_count / 64 + 1;
    NUMU_TRY(NUMU_TAKE(scratch, &change.dirty, words));
    place_given(run->materials, run->orders);
    for (uint32_t i = 0; i < count; i++) {
        if (is_given(run->materials, parts[i])) {
            visit_below(run->materials, parts[i], mark, &change);
        } else {
            mark(&change, parts[i]);
        }
    }
    uint32_t planned = 0;
    for (uint32_t word = 0; word < words; word++) {
        while (change.dirty[word] != 0) { /* what a part marks stands behind it */
            uint32_t rank = word * 64 + (uint32_t)__builtin_ctzll(change.dirty[word]);
            change.dirty[word] &= change.dirty[word] - 1;
            if (!is_given(run->materials, run->orders->sequence[rank])) {
                NUMU_TRY(change_part(run, &change, run->orders->sequence[rank]));
                planned++;
            }
        }
    }
    *out_count = planned;
    return NUMU_OK;
}

numu_status numu_explode_again(const struct numu_context *context,
                               const struct numu_materials *materials, const uint32_t *parts,
                               uint32_t count, struct numu_orders *orders, uint32_t *out_count) {
    struct numu_arena scratch;
    struct worker worker;
    struct run run = {
        .context = context, .materials = materials, .orders = orders, .workers = &worker};
    numu_arena_init(&scratch, context->heap);
    numu_status status = init_worker(materials, &scratch, &orders->arenas[0], &worker);
    if (status == NUMU_OK) {
        status = change_all(&run, &scratch, parts, count, out_count);
    }
    numu_arena_release(&scratch);
    return status;
}

/* --- exceptions --- */

numu_status numu_explode_exceptions(const struct numu_context *context,
                                    const struct numu_materials *materials,
                                    const struct numu_orders *orders, uint32_t from, uint32_t to,
                                    struct numu_buffer *out) {
    struct numu_arena scratch;
    struct worker worker;
    struct numu_orders same = *orders; /* read only; the type of a run says otherwise */
    struct run run = {
        .context = context, .materials = materials, .orders = &same, .workers = &worker};
    numu_arena_init(&scratch, context->heap);
    numu_status status = init_worker(materials, &scratch, NULL, &worker);
    worker.exceptions = out;
    for (uint32_t part = from; status == NUMU_OK && part < to; part++) {
        if (!is_given(materials, part)) {
            status = plan_part(&run, &worker, part);
        }
    }
    numu_arena_release(&scratch);
    return status == NUMU_OK ? worker.exception_status : status;
}

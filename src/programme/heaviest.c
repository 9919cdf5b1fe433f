/*
 * heaviest.c - branch and bound over cliques.
 *
 * [1] Items are the candidates of a question that may be in a set above the floor, sorted by clique
 *     and by what they leave; lists of those that still fit go down the tree one after the other in
 *     one array, since each is shorter than the one above it.
 * [2] Levels: capacities of up to LEVELS count as they are; greater ones are cut into LEVELS parts,
 *     and a need counts as the whole parts in it, so that no set is lost.
 */
#include "programme/heaviest.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

enum {
    LEVELS = 64,
    TABLES_MAX = 6,     /* of single resources; one more is of all by price */
    STEPS = 30,         /* of the subgradient */
    NODES_A_LOOK = 4096 /* at the meter: some milliseconds */
};

struct item {
    uint32_t task, clique;
    int64_t weight, left; /* once needs are paid for */
    uint8_t level[TABLES_MAX + 1];
};

struct numu_heaviest_work {
    struct item *item;
    uint32_t item_count;
    uint32_t *list;   /* [1] */
    uint32_t *member; /* candidates by clique */
    uint32_t *first;  /* member of clique c: first[c] … first[c + 1] - 1 */
    uint32_t clique_count;
    uint32_t *rank;         /* of cliques, by what they leave */
    int64_t *top;           /* by clique: the most that is left, at least 0 */
    int64_t *price, *asked; /* by resource: the best, those being tried */
    double *trial;
    int64_t *used;
    int32_t *free;  /* by resource, down the tree */
    uint32_t *now;  /* tasks chosen, down the tree */
    int64_t *table; /* by table, clique and level: the most from this clique on */
    uint32_t table_count;
    uint32_t table_resource[TABLES_MAX];
    uint32_t levels[TABLES_MAX + 1];     /* what there is of each */
    uint32_t level_free[TABLES_MAX + 1]; /* down the tree */
    struct numu_bound_meter *meter;
    uint64_t nodes_counted, nodes_end;
    uint64_t look_at; /* nodes: at that many, or at the end */
};

static numu_status take_work(struct numu_arena *arena, size_t tasks, size_t resources,
                             struct numu_heaviest_work **out) {
    struct numu_heaviest_work *work;
    NUMU_TRY(NUMU_TAKE(arena, &work, 1));
    NUMU_TRY(NUMU_TAKE(arena, &work->item, tasks));
    NUMU_TRY(NUMU_TAKE(arena, &work->list, tasks * (tasks + 1) / 2));
    NUMU_TRY(NUMU_TAKE(arena, &work->member, tasks));
    NUMU_TRY(NUMU_TAKE(arena, &work->first, tasks + 1));
    NUMU_TRY(NUMU_TAKE(arena, &work->rank, tasks));
    NUMU_TRY(NUMU_TAKE(arena, &work->top, tasks));
    NUMU_TRY(NUMU_TAKE(arena, &work->price, resources));
    NUMU_TRY(NUMU_TAKE(arena, &work->asked, resources));
    NUMU_TRY(NUMU_TAKE(arena, &work->trial, resources));
    NUMU_TRY(NUMU_TAKE(arena, &work->used, resources));
    NUMU_TRY(NUMU_TAKE(arena, &work->free, resources));
    NUMU_TRY(NUMU_TAKE(arena, &work->now, tasks));
    NUMU_TRY(NUMU_TAKE(arena, &work->table, (size_t)(TABLES_MAX + 1) * (tasks + 1) * (LEVELS + 1)));
    *out = work;
    return NUMU_OK;
}

numu_status numu_heaviest_init(struct numu_heaviest *it, struct numu_arena *arena, uint32_t count,
                               uint32_t resource_count) {
    size_t resources = resource_count, tasks = count;
    *it = (struct numu_heaviest){
        .count = count, .resource_count = resource_count, .words = (tasks + 63) / 64};
    NUMU_TRY(NUMU_TAKE(arena, &it->need, tasks * resources));
    NUMU_TRY(NUMU_TAKE(arena, &it->apart, tasks * it->words));
    NUMU_TRY(NUMU_TAKE(arena, &it->chosen, tasks));
    return take_work(arena, tasks, resources, &it->work);
}

static const int32_t *need_of(const struct numu_heaviest *it, uint32_t task) {
    return &it->need[(size_t)task * it->resource_count];
}

static int64_t price_of(const struct numu_heaviest *it, const int64_t *price, uint32_t task) {
    const int32_t *need = need_of(it, task);
    int64_t sum = 0;
    for (uint32_t r = 0; r < it->resource_count; r++) {
        sum += price[r] * need[r];
    }
    return sum;
}

/* --- cliques --- */

static bool is_apart_from_all(const struct numu_heaviest *it, uint32_t task, uint32_t clique) {
    const struct numu_heaviest_work *work = it->work;
    for (uint32_t m = work->first[clique]; m < work->first[clique + 1]; m++) {
        if (!numu_heaviest_are_apart(it, task, work->member[m])) {
            return false;
        }
    }
    return true;
}

static void join(struct numu_heaviest_work *work, uint32_t count, uint32_t clique, uint32_t task) {
    uint32_t place = work->first[clique + 1];
    memmove(&work->member[place + 1], &work->member[place], (count - place) * sizeof *work->member);
    work->member[place] = task;
    for (uint32_t c = clique + 1; c <= work->clique_count; c++) {
        work->first[c]++;
    }
}

/* Each in turn, the heaviest first, joins the first clique that it can. */
static void make_cliques(struct numu_heaviest *it, const struct item *item, uint32_t count) {
    struct numu_heaviest_work *work = it->work;
    work->clique_count = 0;
    work->first[0] = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t clique = 0;
        while (clique < work->clique_count && !is_apart_from_all(it, item[i].task, clique)) {
            clique++;
        }
        if (clique == work->clique_count) {
            work->clique_count++;
            work->first[clique + 1] = i;
        }
        join(work, i, clique, item[i].task);
    }
}

/* --- prices --- */

/* The bound at prices, and what the tasks that attain it use. */
static int64_t bound_at(struct numu_heaviest *it, const struct numu_heaviest_question *question,
                        const int64_t *price) {
    struct numu_heaviest_work *work = it->work;
    int64_t bound = 0;
    for (uint32_t r = 0; r < it->resource_count; r++) {
        bound += price[r] * question->capacity[r];
        work->used[r] = 0;
    }
    for (uint32_t c = 0; c < work->clique_count; c++) {
        int64_t top = 0;
        uint32_t best = UINT32_MAX;
        for (uint32_t m = work->first[c]; m < work->first[c + 1]; m++) {
            uint32_t task = work->member[m];
            int64_t left = question->weight[task] - price_of(it, price, task);
            if (left > top) {
                top = left;
                best = task;
            }
        }
        work->top[c] = top;
        bound += top;
        for (uint32_t r = 0; r < it->resource_count && best != UINT32_MAX; r++) {
            work->used[r] += need_of(it, best)[r];
        }
    }
    return bound;
}

static double step_towards(const struct numu_heaviest *it,
                           const struct numu_heaviest_question *question, double aim) {
    const struct numu_heaviest_work *work = it->work;
    double square = 0;
    for (uint32_t r = 0; r < it->resource_count; r++) {
        double slope = (double)(question->capacity[r] - work->used[r]);
        if (work->trial[r] >= 1 || slope < 0) {
            square += slope * slope;
        }
    }
    return square == 0 ? 0 : aim / square;
}

/* Finds good prices; returns their bound. */
static int64_t find_prices(struct numu_heaviest *it,
                           const struct numu_heaviest_question *question) {
    static const double aim_share = 0.1;
    struct numu_heaviest_work *work = it->work;
    int64_t least = INT64_MAX;
    int64_t *price = work->asked;
    memset(work->trial, 0, it->resource_count * sizeof *work->trial);
    for (int n = 0; n < STEPS && least > it->weight; n++) {
        for (uint32_t r = 0; r < it->resource_count; r++) {
            price[r] = (int64_t)work->trial[r];
        }
        int64_t bound = bound_at(it, question, price);
        if (bound < least) {
            least = bound;
            memcpy(work->price, price, it->resource_count * sizeof *price);
        }
        double low = (1 - aim_share) * (double)least;
        low = (double)it->weight > low ? (double)it->weight : low;
        double step = step_towards(it, question, ((double)bound - low) * (n < STEPS / 2 ? 1 : 0.5));
        if (step == 0) {
            break;
        }
        for (uint32_t r = 0; r < it->resource_count; r++) {
            double next = (double)price[r] - step * (double)(question->capacity[r] - work->used[r]);
            next = next < (double)work->item[0].weight ? next : (double)work->item[0].weight;
            work->trial[r] = next > 0 ? next : 0; /* above any weight it would not matter */
        }
    }
    return bound_at(it, question, work->price);
}

/* --- tables --- */

static void choose_tables(struct numu_heaviest *it, const struct numu_heaviest_question *question) {
    struct numu_heaviest_work *work = it->work;
    work->table_count = 0;
    for (uint32_t r = 0; r < it->resource_count && work->table_count < TABLES_MAX; r++) {
        if (work->price[r] > 0) {
            work->levels[work->table_count] =
                question->capacity[r] < LEVELS ? (uint32_t)question->capacity[r] : LEVELS;
            work->table_resource[work->table_count++] = r;
        }
    }
    work->levels[work->table_count] = LEVELS; /* of all by price */
}

static void find_levels(struct numu_heaviest *it, const struct numu_heaviest_question *question) {
    struct numu_heaviest_work *work = it->work;
    int64_t whole = 0;
    for (uint32_t r = 0; r < it->resource_count; r++) {
        whole += work->price[r] * question->capacity[r];
    }
    for (uint32_t i = 0; i < work->item_count; i++) {
        struct item *item = &work->item[i];
        for (uint32_t t = 0; t < work->table_count; t++) {
            uint32_t r = work->table_resource[t];
            int64_t need = need_of(it, item->task)[r], capacity = question->capacity[r];
            item->level[t] = (uint8_t)(capacity <= LEVELS ? need : need * LEVELS / capacity);
        }
        int64_t paid = item->weight - item->left;
        item->level[work->table_count] =
            (uint8_t)(whole == 0 ? 0 : (double)paid * LEVELS / (double)whole * 0.999999);
    }
}

static int64_t *row_of(struct numu_heaviest_work *work, uint32_t table, uint32_t clique) {
    return &work->table[((size_t)table * (work->clique_count + 1) + clique) * (LEVELS + 1)];
}

static void fill_tables(struct numu_heaviest *it) {
    struct numu_heaviest_work *work = it->work;
    for (uint32_t t = 0; t <= work->table_count; t++) {
        size_t bytes = (work->levels[t] + 1) * sizeof(int64_t);
        uint32_t i = work->item_count;
        memset(row_of(work, t, work->clique_count), 0, bytes);
        for (uint32_t c = work->clique_count; c-- > 0;) {
            int64_t *row = row_of(work, t, c);
            const int64_t *below = row_of(work, t, c + 1);
            memcpy(row, below, bytes);
            for (; i > 0 && work->item[i - 1].clique == c; i--) {
                uint32_t level = work->item[i - 1].level[t];
                int64_t weight = work->item[i - 1].weight;
                for (uint32_t n = level; n <= work->levels[t]; n++) {
                    int64_t sum = below[n - level] + weight;
                    row[n] = sum > row[n] ? sum : row[n];
                }
            }
        }
    }
}

static int64_t most_from(struct numu_heaviest_work *work, uint32_t clique) {
    int64_t most = INT64_MAX;
    for (uint32_t t = 0; t <= work->table_count; t++) {
        int64_t value = row_of(work, t, clique)[work->level_free[t]];
        most = value < most ? value : most;
    }
    return most;
}

/* --- the tree --- */

static bool fits(const struct numu_heaviest *it, uint32_t task) {
    const int32_t *need = need_of(it, task);
    for (uint32_t r = 0; r < it->resource_count; r++) {
        if (need[r] > it->work->free[r]) {
            return false;
        }
    }
    return true;
}

static void take(struct numu_heaviest *it, const struct item *item) {
    struct numu_heaviest_work *work = it->work;
    for (uint32_t r = 0; r < it->resource_count; r++) {
        work->free[r] -= need_of(it, item->task)[r];
    }
    for (uint32_t t = 0; t <= work->table_count; t++) {
        work->level_free[t] -= item->level[t];
    }
}

static void put_back(struct numu_heaviest *it, const struct item *item) {
    struct numu_heaviest_work *work = it->work;
    for (uint32_t r = 0; r < it->resource_count; r++) {
        work->free[r] += need_of(it, item->task)[r];
    }
    for (uint32_t t = 0; t <= work->table_count; t++) {
        work->level_free[t] += item->level[t];
    }
}

/* What the tops of the cliques in a list sum up to. */
static int64_t tops_of(const struct numu_heaviest_work *work, const uint32_t *list,
                       uint32_t count) {
    int64_t sum = 0;
    for (uint32_t n = 0; n < count; n++) {
        const struct item *item = &work->item[list[n]];
        if ((n == 0 || work->item[list[n - 1]].clique != item->clique) && item->left > 0) {
            sum += item->left;
        }
    }
    return sum;
}

static void keep(struct numu_heaviest *it, uint32_t count, int64_t weight) {
    it->weight = weight;
    it->chosen_count = count;
    memcpy(it->chosen, it->work->now, count * sizeof *it->chosen);
}

static void count_work(struct numu_heaviest *it) {
    struct numu_heaviest_work *work = it->work;
    if (work->meter != NULL) {
        work->meter->work += NUMU_WORK_A_PROPAGATION * (it->nodes - work->nodes_counted);
    }
    work->nodes_counted = it->nodes;
}

/* Counts a node; whether it is one too many. */
static bool is_over(struct numu_heaviest *it) {
    struct numu_heaviest_work *work = it->work;
    if (++it->nodes <= work->look_at) {
        return false;
    }
    count_work(it);
    if (it->nodes > work->nodes_end ||
        (work->meter != NULL && numu_bound_meter_is_over(work->meter))) {
        work->nodes_end = 0; /* so are all that come back from here */
        return true;
    }
    work->look_at = it->nodes + NODES_A_LOOK;
    work->look_at = work->look_at < work->nodes_end ? work->look_at : work->nodes_end;
    return false;
}

/*
 * `weight` is that of the tasks chosen so far, `paid` the prices of all there is and what these
 * tasks leave: with the tops of the list no set from here weighs more than both.
 */
static void descend(struct numu_heaviest *it, uint32_t *list, uint32_t count, uint32_t depth,
                    int64_t weight, int64_t paid) {
    struct numu_heaviest_work *work = it->work;
    if (is_over(it)) {
        it->is_exact = false;
        return;
    }
    if (weight > it->weight) {
        keep(it, depth, weight);
    }
    int64_t tops = tops_of(work, list, count);
    for (uint32_t n = 0; n < count;) {
        uint32_t clique = work->item[list[n]].clique, end = n;
        if (paid + tops <= it->weight || weight + most_from(work, clique) <= it->weight) {
            return;
        }
        while (end < count && work->item[list[end]].clique == clique) {
            end++;
        }
        int64_t top = work->item[list[n]].left > 0 ? work->item[list[n]].left : 0;
        for (; n < end; n++) {
            const struct item *item = &work->item[list[n]];
            if (paid + tops - top + item->left <= it->weight) {
                break; /* those after it leave less */
            }
            uint32_t *next = list + count, next_count = 0;
            take(it, item);
            for (uint32_t i = end; i < count; i++) {
                uint32_t task = work->item[list[i]].task;
                if (!numu_heaviest_are_apart(it, item->task, task) && fits(it, task)) {
                    next[next_count++] = list[i];
                }
            }
            work->now[depth] = item->task;
            descend(it, next, next_count, depth + 1, weight + item->weight, paid + item->left);
            put_back(it, item);
        }
        n = end;
        tops -= top;
    }
}

/* --- a question --- */

static int compare_weights(const void *a, const void *b) {
    const struct item *left = a, *right = b;
    if (left->weight != right->weight) {
        return left->weight < right->weight ? 1 : -1;
    }
    return (left->task > right->task) - (left->task < right->task);
}

static int compare_items(const void *a, const void *b) {
    const struct item *left = a, *right = b;
    if (left->clique != right->clique) {
        return left->clique < right->clique ? -1 : 1;
    }
    if (left->left != right->left) {
        return left->left < right->left ? 1 : -1;
    }
    return (left->task > right->task) - (left->task < right->task);
}

static bool can_ever_run(const struct numu_heaviest *it,
                         const struct numu_heaviest_question *question, uint32_t task) {
    for (uint32_t r = 0; r < it->resource_count; r++) {
        if (need_of(it, task)[r] > question->capacity[r]) {
            return false;
        }
    }
    return true;
}

static uint32_t list_candidates(struct numu_heaviest *it,
                                const struct numu_heaviest_question *question) {
    struct item *item = it->work->item;
    uint32_t count = 0;
    for (uint32_t n = 0; n < question->candidate_count; n++) {
        uint32_t task = question->candidate[n];
        if (question->weight[task] > 0 && can_ever_run(it, question, task)) {
            item[count++] = (struct item){.task = task, .weight = question->weight[task]};
        }
    }
    qsort(item, count, sizeof *item, compare_weights);
    return count;
}

/* Numbers the cliques anew, those first that leave most. */
static void rank_cliques(struct numu_heaviest_work *work) {
    uint32_t *order = work->list; /* not in use yet */
    for (uint32_t c = 0; c < work->clique_count; c++) {
        uint32_t place = c;
        for (; place > 0 && work->top[order[place - 1]] < work->top[c]; place--) {
            order[place] = order[place - 1];
        }
        order[place] = c;
    }
    for (uint32_t n = 0; n < work->clique_count; n++) {
        work->rank[order[n]] = n;
    }
}

/* Keeps as items what may be in a set above the floor, [1]. */
static void list_items(struct numu_heaviest *it, const struct numu_heaviest_question *question,
                       int64_t bound) {
    struct numu_heaviest_work *work = it->work;
    work->item_count = 0;
    for (uint32_t c = 0; c < work->clique_count; c++) {
        for (uint32_t m = work->first[c]; m < work->first[c + 1]; m++) {
            uint32_t task = work->member[m];
            int64_t weight = question->weight[task];
            int64_t left = weight - price_of(it, work->price, task);
            if (bound - work->top[c] + left > it->weight) {
                work->item[work->item_count++] =
                    (struct item){task, work->rank[c], weight, left, {0}};
            }
        }
    }
    qsort(work->item, work->item_count, sizeof *work->item, compare_items);
}

static void find(struct numu_heaviest *it, const struct numu_heaviest_question *question) {
    struct numu_heaviest_work *work = it->work;
    uint32_t count = list_candidates(it, question);
    if (count == 0) {
        return;
    }
    make_cliques(it, work->item, count);
    int64_t bound = find_prices(it, question), whole = 0;
    if (bound <= it->weight) {
        return;
    }
    rank_cliques(work);
    list_items(it, question, bound);
    choose_tables(it, question);
    find_levels(it, question);
    fill_tables(it);
    memcpy(work->level_free, work->levels, sizeof work->levels);
    for (uint32_t r = 0; r < it->resource_count; r++) {
        work->free[r] = question->capacity[r];
        whole += work->price[r] * question->capacity[r];
    }
    for (uint32_t i = 0; i < work->item_count; i++) {
        work->list[i] = i;
    }
    descend(it, work->list, work->item_count, 0, 0, whole);
}

void numu_heaviest_find(struct numu_heaviest *it, const struct numu_heaviest_question *question) {
    struct numu_heaviest_work *work = it->work;
    it->weight = question->floor;
    it->chosen_count = 0;
    it->is_exact = true;
    work->meter = question->meter;
    work->nodes_counted = it->nodes;
    work->nodes_end = question->nodes_max == 0 ? UINT64_MAX : it->nodes + question->nodes_max;
    work->look_at = it->nodes; /* at the first node, too */
    find(it, question);
    count_work(it);
    if (work->meter != NULL) {
        work->meter->work += 10 * (uint64_t)question->candidate_count;
    }
}

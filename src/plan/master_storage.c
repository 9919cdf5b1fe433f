/*
 * master_storage.c - storehouses, shelf life, safety stock.
 *
 * [P11] What is in a place in t and does not leave it on a way must be housed: Σ_h put[i,h,t] +
 *       unhoused[i,s,t] = closing + inputs + served + spares + expired, which by the balance is
 *       opening + receipts - shipped out. Only explosives (a classification) need a house;
 *       `unhoused` is there only where something is given, stock or fixed receipts, and comes first
 *       in the objective.
 * [P12] Storehouse h: Σ neq × put <= the least limit of the month (no limit = 0), Σ volume × put <=
 *       capacity; only items of its load class may be put there.
 * [P13] Shelf life of L whole months (rounded down), first in, first out: closing stock <= receipts
 *       of the last L months and of opening lots made less than L months ago, for each place, and
 *       for the item wherever it lies, where moving does not make it young. What is over its age
 *       must be used before or `expired`: taken out of stock, which costs its standard cost, paid
 *       by no fund.
 * [P14] Safety stock, nationally: Σ_s inv + short >= safety_stock; short costs safety_price ×
 *       standard_cost a month, which no fund pays.
 */
#include "plan/master_problem.h"

#include <math.h>
#include <string.h>

bool numu_master_is_hazardous(const struct numu_master *master, numu_row item) {
    return master->model->item.classification[item].length > 0;
}

uint32_t numu_master_shelf_months(const struct numu_master *master, numu_row item) {
    numu_decimal months = master->model->item.shelf_life_months[item];
    return months == NUMU_NO_NUMBER || months / NUMU_DECIMAL_ONE > UINT16_MAX
               ? UINT32_MAX
               : (uint32_t)(months / NUMU_DECIMAL_ONE);
}

/* --- load classes --- */

/* "1.1D" is of division "1.1" and group "D". */
static struct numu_text division_of(struct numu_text classification) {
    size_t length = classification.length;
    bool has_group = length > 0 && (classification.data[length - 1] < '0' ||
                                    classification.data[length - 1] > '9');
    return (struct numu_text){classification.data, has_group ? length - 1 : length};
}

static struct numu_text group_of(struct numu_text classification) {
    size_t length = division_of(classification).length;
    return (struct numu_text){classification.data + length, classification.length - length};
}

/* Whether a word stands in a list of words. */
static bool has_word(struct numu_text list, struct numu_text word) {
    size_t start = 0;
    for (size_t i = 0; i <= list.length; i++) {
        if (i == list.length || list.data[i] == ' ' || list.data[i] == ',') {
            struct numu_text here = {list.data + start, i - start};
            if (here.length > 0 && numu_text_is_equal(here, word)) {
                return true;
            }
            start = i + 1;
        }
    }
    return false;
}

/* Without rules nothing may lie together that is not of one division and group: the first item. */
static numu_row first_item_of(const struct numu_master *master, numu_row house) {
    const struct numu_model *model = master->model;
    for (numu_row item = 0; item < model->item.head.count; item++) {
        struct numu_text division = division_of(model->item.classification[item]);
        for (numu_row row = 0; row < model->limit.head.count && division.length > 0; row++) {
            if (model->limit.storehouse[row] == house &&
                numu_text_is_equal(model->limit.hazard_division[row], division)) {
                return item;
            }
        }
    }
    return NUMU_NONE;
}

static bool is_of_class(const struct numu_master *master, numu_row house, numu_row first,
                        struct numu_text classification) {
    const struct numu_table_storehouse *table = &master->model->storehouse;
    bool is_written = table->groups[house].length > 0 || table->divisions[house].length > 0;
    if (!is_written) {
        return first != NUMU_NONE &&
               numu_text_is_equal(master->model->item.classification[first], classification);
    }
    return (table->groups[house].length == 0 ||
            has_word(table->groups[house], group_of(classification))) &&
           (table->divisions[house].length == 0 ||
            has_word(table->divisions[house], division_of(classification)));
}

static void fill_classes(struct numu_master *master) {
    const struct numu_model *model = master->model;
    numu_row houses = model->storehouse.head.count;
    for (numu_row house = 0; house < houses; house++) {
        numu_row first = first_item_of(master, house);
        for (numu_row item = 0; item < model->item.head.count; item++) {
            master->may_hold[(size_t)item * houses + house] =
                numu_master_is_hazardous(master, item) &&
                is_of_class(master, house, first, model->item.classification[item]);
        }
    }
}

/* --- limits --- */

static bool is_in_force(numu_day starts, numu_day ends, numu_day day) {
    return (starts == NUMU_NO_DAY || starts <= day) && (ends == NUMU_NO_DAY || day <= ends);
}

/* A limit of a division on a day; negative where there is none. */
static double granted_of_division(const struct numu_master *master, numu_row house,
                                  struct numu_text division, numu_day day) {
    const struct numu_table_limit *table = &master->model->limit;
    double least = -1;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->storehouse[row] == house &&
            numu_text_is_equal(table->hazard_division[row], division) &&
            is_in_force(table->starts[row], table->ends[row], day)) {
            double limit = numu_master_decimal(table->neq_kg[row]);
            least = least < 0 || limit < least ? limit : least;
        }
    }
    return least;
}

/* By the table limit: each division of the class needs one; the least counts. */
static double granted(const struct numu_master *master, numu_row house, numu_day day) {
    const struct numu_table_item *table = &master->model->item;
    numu_row houses = master->model->storehouse.head.count;
    double least = -1;
    for (numu_row item = 0; item < table->head.count; item++) {
        struct numu_text division = division_of(table->classification[item]);
        if (master->may_hold[(size_t)item * houses + house]) {
            double limit = fmax(0, granted_of_division(master, house, division, day));
            least = least < 0 || limit < least ? limit : least;
        }
    }
    return fmax(0, least);
}

static double handed(const struct numu_plan_storage *storage, numu_row house, numu_day day) {
    double least = -1;
    for (size_t i = 0; i < storage->limit_count; i++) {
        const struct numu_plan_limit *limit = &storage->limit[i];
        if (limit->storehouse == house && is_in_force(limit->starts, limit->ends, day)) {
            least = least < 0 || limit->neq_kg < least ? limit->neq_kg : least;
        }
    }
    return fmax(0, least);
}

static double limit_on(const struct numu_master *master, numu_row house, numu_day day) {
    const struct numu_plan_storage *storage = master->options->law.storage;
    return storage == NULL ? granted(master, house, day) : handed(storage, house, day);
}

/* What is in force changes on these days only: the first day of a row, and the one after its
 * last. */
static double least_on_changes(const struct numu_master *master, numu_row house, numu_day starts,
                               numu_day ends, uint32_t month) {
    numu_day first = numu_month_first_day(master->start + (numu_month)month);
    numu_day end = numu_month_first_day(master->start + (numu_month)month + 1);
    double least = INFINITY;
    if (starts != NUMU_NO_DAY && starts > first && starts < end) {
        least = limit_on(master, house, starts);
    }
    if (ends != NUMU_NO_DAY && ends >= first && ends + 1 < end) {
        least = fmin(least, limit_on(master, house, ends + 1));
    }
    return least;
}

/* The least limit of the month's days. */
static double limit_of_month(const struct numu_master *master, numu_row house, uint32_t month) {
    const struct numu_plan_storage *storage = master->options->law.storage;
    const struct numu_table_limit *table = &master->model->limit;
    double least = limit_on(master, house, numu_month_first_day(master->start + (numu_month)month));
    for (numu_row row = 0; storage == NULL && row < table->head.count; row++) {
        least = fmin(least,
                     least_on_changes(master, house, table->starts[row], table->ends[row], month));
    }
    for (size_t i = 0; storage != NULL && i < storage->limit_count; i++) {
        least = fmin(least, least_on_changes(master, house, storage->limit[i].starts,
                                             storage->limit[i].ends, month));
    }
    return least;
}

static numu_status build_house(struct numu_master *master, numu_row row) {
    struct numu_master_house *house = &master->house[row];
    house->first =
        numu_master_clamp(master, numu_master_open_month(master, NUMU_NO_DAY,
                                                         master->model->storehouse.opened_by[row]));
    NUMU_TRY(NUMU_TAKE(master->scratch, &house->limit, master->solved));
    double greatest = 0;
    for (uint32_t t = house->first; t < master->solved; t++) {
        house->limit[t] = limit_of_month(master, row, t);
        greatest = fmax(greatest, house->limit[t]);
    }
    house->neq_unit = numu_master_power_of_two_near(greatest);
    return NUMU_OK;
}

static bool is_put(const struct numu_master *master, uint32_t place, numu_row house) {
    numu_row houses = master->model->storehouse.head.count;
    return master->model->storehouse.site[house] == master->place[place].site &&
           master->may_hold[(size_t)master->place[place].item * houses + house];
}

static numu_status build_puts(struct numu_master *master) {
    numu_row houses = master->model->storehouse.head.count;
    for (int round = 0; round < 2; round++) {
        uint32_t count = 0;
        for (uint32_t place = 0; place < master->place_count; place++) {
            for (numu_row house = 0; house < houses; house++) {
                if (is_put(master, place, house)) {
                    if (round == 1) {
                        master->put[count] =
                            (struct numu_master_put){.place = place, .storehouse = house};
                    }
                    count++;
                }
            }
        }
        master->put_count = count;
        if (round == 0) {
            NUMU_TRY(NUMU_TAKE(master->scratch, &master->put, count));
        }
    }
    return NUMU_OK;
}

numu_status numu_master_build_storage(struct numu_master *master) {
    const struct numu_model *model = master->model;
    numu_row houses = model->storehouse.head.count;
    size_t cells = (size_t)model->item.head.count * houses;
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->may_hold, cells));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->house, houses));
    if (master->options->law.storage == NULL) {
        fill_classes(master);
    } else if (cells > 0) {
        memcpy(master->may_hold, master->options->law.storage->may_hold,
               cells * sizeof *master->may_hold);
    }
    for (numu_row row = 0; row < houses; row++) {
        NUMU_TRY(build_house(master, row));
    }
    return build_puts(master);
}

/* --- shelf life: what is given --- */

/* The first month in which an opening lot is over its age; made on the first day where unknown. */
static int64_t expiry_of(const struct numu_master *master, numu_row row) {
    numu_day made = master->model->stock.made[row];
    int64_t age = made == NUMU_NO_DAY ? 0 : (int64_t)master->start - numu_day_month(made);
    return (int64_t)numu_master_shelf_months(master, master->model->stock.item[row]) - age;
}

/* Of the given receipts of an item, at a site or anywhere (NUMU_NONE): how much is young in t. */
static double young(const struct numu_master *master, numu_row item, numu_row site, uint32_t t) {
    const struct numu_table_stock *table = &master->model->stock;
    uint32_t months = numu_master_shelf_months(master, item);
    double sum = 0;
    double opening = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->item[row] == item && (site == NUMU_NONE || table->site[row] == site)) {
            double quantity = numu_master_quantity(table->quantity[row]);
            sum += (int64_t)t < expiry_of(master, row) ? quantity : 0;
            opening += quantity;
        }
    }
    for (uint32_t place = 0; place < master->place_count; place++) {
        bool is_here = master->place[place].item == item &&
                       (site == NUMU_NONE || master->place[place].site == site);
        for (uint32_t from = 0; from <= t && is_here; from++) {
            sum += t - from < months ? master->receipt[numu_master_cell(master, place, from)] : 0;
        }
    }
    return t < months ? sum - opening : sum; /* receipts of month 0 hold the opening stock */
}

/* Whether anything can grow too old in the months that are solved. */
static bool grows_old(const struct numu_master *master, numu_row item) {
    const struct numu_table_stock *table = &master->model->stock;
    uint32_t months = numu_master_shelf_months(master, item);
    if (months < master->solved) {
        return true;
    }
    for (numu_row row = 0; row < table->head.count && months != UINT32_MAX; row++) {
        if (table->item[row] == item && expiry_of(master, row) < (int64_t)master->solved) {
            return true;
        }
    }
    return false;
}

/* --- rows --- */

static numu_status add_place_rows(struct numu_master *master, uint32_t place) {
    numu_row item = master->place[place].item;
    struct numu_master_key key = {
        .kind = NUMU_MASTER_HOUSED, .row = place, .unit = master->item_unit[item]};
    master->housed_row[place] = NUMU_NONE;
    master->shelf_row[place] = NUMU_NONE;
    if (numu_master_is_hazardous(master, item)) {
        master->housed_row[place] = master->lp.num_row;
        for (uint32_t t = 0; t < master->solved; t++) {
            double spares = master->spares[numu_master_cell(master, place, t)];
            key.month = (uint16_t)t;
            NUMU_TRY(numu_master_add_row(master, spares, spares, key, NULL));
        }
    }
    if (grows_old(master, item)) {
        key.kind = NUMU_MASTER_SHELF;
        master->shelf_row[place] = master->lp.num_row;
        for (uint32_t t = 0; t < master->solved; t++) {
            key.month = (uint16_t)t;
            NUMU_TRY(numu_master_add_row(
                master, -INFINITY, young(master, item, master->place[place].site, t), key, NULL));
        }
    }
    return NUMU_OK;
}

static numu_status add_item_rows(struct numu_master *master, numu_row item) {
    struct numu_master_key key = {
        .kind = NUMU_MASTER_AGE, .row = item, .unit = master->item_unit[item]};
    master->age_row[item] = NUMU_NONE;
    master->safety_row[item] = NUMU_NONE;
    if (grows_old(master, item)) {
        master->age_row[item] = master->lp.num_row;
        for (uint32_t t = 0; t < master->solved; t++) {
            key.month = (uint16_t)t;
            NUMU_TRY(numu_master_add_row(master, -INFINITY, young(master, item, NUMU_NONE, t), key,
                                         NULL));
        }
    }
    double safety = numu_master_quantity(master->model->item.safety_stock[item]);
    if (safety > 0) {
        key.kind = NUMU_MASTER_SAFETY;
        NUMU_TRY(numu_master_add_rows(master, safety, INFINITY, key, &master->safety_row[item]));
    }
    return NUMU_OK;
}

static numu_status add_house_rows(struct numu_master *master, numu_row row) {
    struct numu_master_house *house = &master->house[row];
    struct numu_master_key key = {.kind = NUMU_MASTER_NEQ, .row = row, .unit = house->neq_unit};
    house->neq_row = master->lp.num_row;
    for (uint32_t t = 0; t < master->solved; t++) {
        key.month = (uint16_t)t;
        NUMU_TRY(numu_master_add_row(master, -INFINITY, house->limit[t], key, NULL));
    }
    numu_decimal volume = master->model->storehouse.capacity_m3[row];
    house->volume_row = NUMU_NONE;
    if (volume != NUMU_NO_NUMBER) {
        key.kind = NUMU_MASTER_VOLUME;
        key.unit = numu_master_power_of_two_near(numu_master_decimal(volume));
        NUMU_TRY(numu_master_add_rows(master, -INFINITY, numu_master_decimal(volume), key,
                                      &house->volume_row));
    }
    return NUMU_OK;
}

numu_status numu_master_add_storage_rows(struct numu_master *master) {
    for (uint32_t place = 0; place < master->place_count; place++) {
        NUMU_TRY(add_place_rows(master, place));
    }
    for (numu_row item = 0; item < master->model->item.head.count; item++) {
        NUMU_TRY(add_item_rows(master, item));
    }
    for (numu_row row = 0; row < master->model->storehouse.head.count; row++) {
        NUMU_TRY(add_house_rows(master, row));
    }
    return NUMU_OK;
}

/* --- columns --- */

static numu_status add_put_columns(struct numu_master_column *column, uint32_t n) {
    struct numu_master *master = column->master;
    struct numu_master_put *put = &master->put[n];
    const struct numu_master_house *house = &master->house[put->storehouse];
    numu_row item = master->place[put->place].item;
    put->column = master->lp.num_col - house->first; /* as if month 0 had one */
    for (uint32_t t = house->first; t < master->solved; t++) {
        numu_master_put(column, master->housed_row[put->place] + t, 1);
        numu_master_put(column, house->neq_row + t,
                        numu_master_decimal(master->model->item.neq_kg[item]));
        if (house->volume_row != NUMU_NONE) {
            numu_master_put(column, house->volume_row + t,
                            numu_master_decimal(master->model->item.volume_m3[item]));
        }
        struct numu_master_key key = {.kind = NUMU_MASTER_PUT,
                                      .month = (uint16_t)t,
                                      .row = n,
                                      .unit = master->item_unit[item]};
        NUMU_TRY(numu_master_end_column(column, INFINITY, key));
    }
    return NUMU_OK;
}

static bool is_given(const struct numu_master *master, uint32_t place) {
    for (uint32_t t = 0; t < master->solved; t++) {
        if (master->receipt[numu_master_cell(master, place, t)] > 0) {
            return true;
        }
    }
    return false;
}

static double standard_cost(struct numu_master *master, numu_row item, uint32_t t) {
    const struct numu_table_item *table = &master->model->item;
    return numu_master_price(master, table->standard_cost[item], table->currency[item], t);
}

static numu_status add_place_columns(struct numu_master_column *column, uint32_t place) {
    struct numu_master *master = column->master;
    numu_row item = master->place[place].item;
    struct numu_master_key key = {.row = place, .unit = master->item_unit[item]};
    bool has_unhoused = master->housed_row[place] != NUMU_NONE && is_given(master, place);
    bool has_expired = master->shelf_row[place] != NUMU_NONE;
    key.kind = NUMU_MASTER_UNHOUSED;
    master->unhoused[place] = has_unhoused ? master->lp.num_col : NUMU_NONE;
    for (uint32_t t = 0; t < master->solved && has_unhoused; t++) {
        numu_master_put(column, master->housed_row[place] + t, 1);
        key.month = (uint16_t)t;
        NUMU_TRY(numu_master_end_column(column, INFINITY, key));
    }
    key.kind = NUMU_MASTER_EXPIRED;
    master->expired[place] = has_expired ? master->lp.num_col : NUMU_NONE;
    for (uint32_t t = 0; t < master->solved && has_expired; t++) {
        numu_master_put_taken(column, place, t, 1);
        column->cost = master->discount[t] * standard_cost(master, item, t);
        key.month = (uint16_t)t;
        NUMU_TRY(numu_master_end_column(column, INFINITY, key));
    }
    return NUMU_OK;
}

/* A shortfall is a price without a payment. */
static numu_status add_shortfall_columns(struct numu_master_column *column, numu_row item) {
    struct numu_master *master = column->master;
    double share = numu_master_decimal(master->model->package.safety_price[0]);
    master->shortfall[item] = NUMU_NONE;
    if (master->safety_row[item] == NUMU_NONE) {
        return NUMU_OK;
    }
    master->shortfall[item] = master->lp.num_col;
    for (uint32_t t = 0; t < master->solved; t++) {
        numu_master_put(column, master->safety_row[item] + t, 1);
        column->cost = master->discount[t] * share * standard_cost(master, item, t);
        struct numu_master_key key = {.kind = NUMU_MASTER_SHORT,
                                      .month = (uint16_t)t,
                                      .row = item,
                                      .unit = master->item_unit[item]};
        NUMU_TRY(numu_master_end_column(column, INFINITY, key));
    }
    return NUMU_OK;
}

numu_status numu_master_add_storage_columns(struct numu_master_column *column) {
    struct numu_master *master = column->master;
    for (uint32_t n = 0; n < master->put_count; n++) {
        NUMU_TRY(add_put_columns(column, n));
    }
    for (uint32_t place = 0; place < master->place_count; place++) {
        NUMU_TRY(add_place_columns(column, place));
    }
    for (numu_row item = 0; item < master->model->item.head.count; item++) {
        NUMU_TRY(add_shortfall_columns(column, item));
    }
    return NUMU_OK;
}

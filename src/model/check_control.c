/*
 * check_control.c - explosives in store, and what rules of law prohibit (transfer.h).
 *
 * Storage: NEQ of a stock = quantity × neq_kg of its item, summed by storehouse and hazard
 * division, and held against the least limit in force on the first day of the horizon. How
 * divisions add up when they lie together is for the rule sets, not for here.
 */
#include "model/check.h"

#include "model/transfer.h"

#include <string.h>

/* --- items --- */

void numu_check_hazards(const struct numu_checker *checker) {
    const struct numu_table_item *item = &checker->model->item;
    for (numu_row row = 0; row < item->head.count; row++) {
        numu_decimal neq = item->neq_kg[row];
        bool is_hazardous =
            item->classification[row].length > 0 || (neq != NUMU_NO_NUMBER && neq > 0);
        const char *missing = item->classification[row].length == 0 ? "classification"
                              : neq == NUMU_NO_NUMBER               ? "neq_kg"
                              : item->form[row] == 0                ? "form"
                                                                    : NULL;
        if (is_hazardous && missing != NULL) {
            numu_check_tell(checker, NUMU_CODE_HAZARD_INCOMPLETE, NUMU_MODEL_TABLE(item), row,
                            missing, item->id[row], numu_text_of(missing), NUMU_NO_TEXT);
        }
        struct numu_diagnostic finding;
        if (neq != NUMU_NO_NUMBER && item->mass_kg[row] != NUMU_NO_NUMBER &&
            neq > item->mass_kg[row] &&
            numu_check_begin(checker, NUMU_CODE_NEQ_OVER_MASS, NUMU_MODEL_TABLE(item), row,
                             "neq_kg", &finding)) {
            finding.arguments[0] = numu_argument_text(item->id[row]);
            finding.arguments[1] = numu_argument_number(neq, NUMU_DECIMAL_DECIMALS);
            finding.arguments[2] = numu_argument_number(item->mass_kg[row], NUMU_DECIMAL_DECIMALS);
            numu_report_add(checker->report, &finding);
        }
    }
}

/* --- stocks --- */

enum { DIVISIONS = 6 };

/* 0 to 5 for 1.1 to 1.6; -1 where a text does not begin so. */
static int division_of(struct numu_text text) {
    bool is_division = text.length >= 3 && memcmp(text.data, "1.", 2) == 0 && text.data[2] >= '1' &&
                       text.data[2] <= '6';
    return is_division ? text.data[2] - '1' : -1;
}

static bool is_in_force(numu_day starts, numu_day ends, numu_day day) {
    return (starts == NUMU_NO_DAY || starts <= day) && (ends == NUMU_NO_DAY || ends >= day);
}

/* quantity × a figure of one unit; what does not fit is as much as can be. */
static numu_decimal amount_of(numu_quantity quantity, numu_decimal of_one) {
    numu_decimal amount;
    return numu_multiply_divide(quantity, of_one, NUMU_QUANTITY_ONE, NUMU_ROUND_HALF_EVEN,
                                &amount) == NUMU_OK
               ? amount
               : INT64_MAX;
}

/* Adds to a sum held against a bound; true where the bound is passed by this addition. */
static bool passes(numu_decimal *sum, numu_decimal amount, numu_decimal bound) {
    bool was_within = *sum <= bound;
    if (numu_add(*sum, amount, sum) != NUMU_OK) {
        *sum = INT64_MAX;
    }
    return was_within && *sum > bound;
}

/* Of storehouses: rows of `limit` that bind, and what lies there. */
struct stores {
    numu_row *limit;      /* by storehouse × division; NUMU_NONE = none in force */
    numu_decimal *neq_kg; /* by storehouse × division */
    numu_decimal *volume_m3;
    numu_row *passing; /* by storehouse × division: the row of stock that passes the limit */
    numu_row *filling; /* by storehouse: that passes its volume */
};

static numu_status take_stores(const struct numu_checker *checker, struct stores *stores) {
    const struct numu_table_limit *limit = &checker->model->limit;
    size_t count = checker->model->storehouse.head.count;
    NUMU_TRY(NUMU_TAKE(checker->arena, &stores->limit, count * DIVISIONS));
    NUMU_TRY(NUMU_TAKE(checker->arena, &stores->neq_kg, count * DIVISIONS));
    NUMU_TRY(NUMU_TAKE(checker->arena, &stores->passing, count * DIVISIONS));
    NUMU_TRY(NUMU_TAKE(checker->arena, &stores->volume_m3, count));
    NUMU_TRY(NUMU_TAKE(checker->arena, &stores->filling, count));
    numu_kind_fill_none(NUMU_KIND_REFERENCE, stores->limit, 0, count * DIVISIONS);
    numu_kind_fill_none(NUMU_KIND_REFERENCE, stores->passing, 0, count * DIVISIONS);
    numu_kind_fill_none(NUMU_KIND_REFERENCE, stores->filling, 0, count);
    for (numu_row row = 0; row < limit->head.count; row++) {
        int division = division_of(limit->hazard_division[row]);
        if (division < 0 ||
            !is_in_force(limit->starts[row], limit->ends[row], checker->model->package.start[0])) {
            continue;
        }
        numu_row *binding =
            &stores->limit[(size_t)limit->storehouse[row] * DIVISIONS + (size_t)division];
        if (*binding == NUMU_NONE || limit->neq_kg[row] < limit->neq_kg[*binding]) {
            *binding = row;
        }
    }
    return NUMU_OK;
}

static void store(const struct numu_model *model, struct stores *stores, numu_row row) {
    numu_row storehouse = model->stock.storehouse[row];
    numu_row item = model->stock.item[row];
    numu_quantity quantity = model->stock.quantity[row];
    int division = division_of(model->item.classification[item]);
    if (division >= 0 && model->item.neq_kg[item] != NUMU_NO_NUMBER) {
        size_t cell = (size_t)storehouse * DIVISIONS + (size_t)division;
        numu_row limit = stores->limit[cell];
        numu_decimal bound = limit == NUMU_NONE ? INT64_MAX : model->limit.neq_kg[limit];
        if (passes(&stores->neq_kg[cell], amount_of(quantity, model->item.neq_kg[item]), bound)) {
            stores->passing[cell] = row;
        }
    }
    numu_decimal room = model->storehouse.capacity_m3[storehouse];
    if (model->item.volume_m3[item] != NUMU_NO_NUMBER && room != NUMU_NO_NUMBER &&
        passes(&stores->volume_m3[storehouse], amount_of(quantity, model->item.volume_m3[item]),
               room)) {
        stores->filling[storehouse] = row;
    }
}

static void tell_overfull(const struct numu_checker *checker, const struct stores *stores) {
    const struct numu_model *model = checker->model;
    static const char *const divisions[DIVISIONS] = {"1.1", "1.2", "1.3", "1.4", "1.5", "1.6"};
    const struct numu_table_descriptor *stock = NUMU_MODEL_TABLE(stock);
    struct numu_diagnostic finding;
    for (numu_row row = 0; row < model->storehouse.head.count; row++) {
        for (size_t division = 0; division < DIVISIONS; division++) {
            size_t cell = (size_t)row * DIVISIONS + division;
            numu_row limit = stores->limit[cell];
            if (stores->passing[cell] != NUMU_NONE &&
                numu_check_begin(checker, NUMU_CODE_STOCK_OVER_LIMIT, stock, stores->passing[cell],
                                 "quantity", &finding)) {
                finding.related = numu_model_place(model, NUMU_MODEL_TABLE(limit), limit, "neq_kg");
                finding.arguments[0] = numu_argument_text(model->storehouse.id[row]);
                finding.arguments[1] = numu_argument_string(divisions[division]);
                finding.arguments[2] =
                    numu_argument_number(stores->neq_kg[cell], NUMU_DECIMAL_DECIMALS);
                finding.arguments[3] =
                    numu_argument_number(model->limit.neq_kg[limit], NUMU_DECIMAL_DECIMALS);
                numu_report_add(checker->report, &finding);
            }
        }
        if (stores->filling[row] != NUMU_NONE &&
            numu_check_begin(checker, NUMU_CODE_STOCK_OVER_CAPACITY, stock, stores->filling[row],
                             "quantity", &finding)) {
            finding.arguments[0] = numu_argument_text(model->storehouse.id[row]);
            finding.arguments[1] =
                numu_argument_number(stores->volume_m3[row], NUMU_DECIMAL_DECIMALS);
            finding.arguments[2] =
                numu_argument_number(model->storehouse.capacity_m3[row], NUMU_DECIMAL_DECIMALS);
            numu_report_add(checker->report, &finding);
        }
    }
}

/* The last day on which a stock may be used; NUMU_NO_DAY where nothing says so. */
static numu_day last_day_of(const struct numu_model *model, numu_row row) {
    numu_decimal life = model->item.shelf_life_months[model->stock.item[row]];
    numu_day made = model->stock.made[row];
    if (life == NUMU_NO_NUMBER || made == NUMU_NO_DAY || life > 12000 * NUMU_DECIMAL_ONE) {
        return NUMU_NO_DAY;
    }
    numu_month month = numu_day_month(made);
    numu_day offset = made - numu_month_first_day(month);
    numu_month end = month + (numu_month)(life / NUMU_DECIMAL_ONE);
    numu_day last = numu_month_first_day(end) + offset;
    return last < numu_month_last_day(end) ? last : numu_month_last_day(end);
}

static void check_expiry(const struct numu_checker *checker, numu_row row) {
    numu_day last = last_day_of(checker->model, row);
    struct numu_diagnostic finding;
    if (last != NUMU_NO_DAY && last < checker->model->package.start[0] &&
        numu_check_begin(checker, NUMU_CODE_STOCK_EXPIRED, NUMU_MODEL_TABLE(stock), row, "made",
                         &finding)) {
        finding.arguments[0] =
            numu_argument_text(checker->model->item.id[checker->model->stock.item[row]]);
        finding.arguments[1] = numu_argument_day(last);
        numu_report_add(checker->report, &finding);
    }
}

static void check_separations(const struct numu_checker *checker) {
    const struct numu_table_separation *separation = &checker->model->separation;
    for (numu_row row = 0; row < separation->head.count; row++) {
        bool has_exposure = separation->exposure[row] != NUMU_NONE;
        bool has_other = separation->other[row] != NUMU_NONE;
        bool is_itself = has_other && separation->other[row] == separation->storehouse[row];
        if (has_exposure == has_other || is_itself) {
            numu_check_tell(checker, NUMU_CODE_BAD_SEPARATION, NUMU_MODEL_TABLE(separation), row,
                            has_other ? "other" : "exposure",
                            checker->model->storehouse.id[separation->storehouse[row]],
                            NUMU_NO_TEXT, NUMU_NO_TEXT);
        }
    }
}

numu_status numu_check_stocks(const struct numu_checker *checker) {
    const struct numu_model *model = checker->model;
    struct numu_arena_mark mark = numu_arena_mark(checker->arena);
    struct stores stores;
    NUMU_TRY(take_stores(checker, &stores));
    for (numu_row row = 0; row < model->stock.head.count; row++) {
        numu_row storehouse = model->stock.storehouse[row];
        check_expiry(checker, row);
        if (storehouse == NUMU_NONE) {
            continue;
        }
        store(model, &stores, row);
        if (model->storehouse.site[storehouse] != model->stock.site[row]) {
            numu_check_tell(checker, NUMU_CODE_STOCK_ELSEWHERE, NUMU_MODEL_TABLE(stock), row,
                            "storehouse", model->storehouse.id[storehouse],
                            model->site.id[model->storehouse.site[storehouse]],
                            model->site.id[model->stock.site[row]]);
        }
    }
    tell_overfull(checker, &stores);
    numu_arena_rewind(checker->arena, mark);
    check_separations(checker);
    return NUMU_OK;
}

/* --- rules --- */

static void check_transfer(const struct numu_checker *checker, const numu_row *prohibitions,
                           size_t count, const struct numu_transfer *transfer) {
    const struct numu_model *model = checker->model;
    for (size_t i = 0; i < count; i++) {
        numu_row rule = prohibitions[i];
        numu_day day = numu_rule_bites_from(model, model->package.profile[0], rule, transfer);
        struct numu_diagnostic finding;
        if (day != NUMU_NO_DAY && numu_check_begin(checker, NUMU_CODE_PROHIBITED, transfer->table,
                                                   transfer->row, transfer->column, &finding)) {
            finding.related = numu_model_place(model, NUMU_MODEL_TABLE(rule), rule, "citation");
            finding.arguments[0] = numu_argument_text(transfer->id);
            finding.arguments[1] = numu_argument_text(model->rule.id[rule]);
            finding.arguments[2] = numu_argument_text(model->rule.citation[rule]);
            finding.arguments[3] = numu_argument_day(day);
            numu_report_add(checker->report, &finding);
        }
    }
}

static void check_exemptions(const struct numu_checker *checker) {
    const struct numu_table_rule *rule = &checker->model->rule;
    for (numu_row row = 0; row < rule->head.count; row++) {
        bool is_exemption = rule->effect[row] == numu_effect_exempt;
        if (is_exemption != (rule->exempts[row] != NUMU_NONE)) {
            numu_check_tell(checker, NUMU_CODE_BAD_EXEMPTION, NUMU_MODEL_TABLE(rule), row,
                            is_exemption ? "exempts" : "effect", rule->id[row], NUMU_NO_TEXT,
                            NUMU_NO_TEXT);
        }
    }
}

/* Each profile is told apart from the others as long as there is a bit for it. */
static numu_status check_profile_count(const struct numu_checker *checker) {
    const struct numu_table_profile *profile = &checker->model->profile;
    struct numu_map ids;
    numu_row count = 0;
    NUMU_TRY(numu_map_init(&ids, checker->arena, profile->id, profile->head.count));
    for (numu_row row = 0; row < profile->head.count; row++) {
        count += numu_map_add(&ids, row) == NUMU_NONE;
        if (count > NUMU_PROFILES_MAX) {
            struct numu_text max;
            NUMU_TRY(numu_text_printf(checker->arena, &max, "%d", NUMU_PROFILES_MAX));
            numu_check_tell(checker, NUMU_CODE_TOO_MANY_PROFILES, NUMU_MODEL_TABLE(profile), row,
                            "id", max, profile->id[row], NUMU_NO_TEXT);
            break;
        }
    }
    return NUMU_OK;
}

/* The package's profile is there, and the regimes it recognises have rules. */
static numu_status check_profiles(const struct numu_checker *checker) {
    const struct numu_model *model = checker->model;
    struct numu_text wanted = model->package.profile[0];
    struct numu_map regimes;
    bool is_found = wanted.length == 0;
    NUMU_TRY(numu_map_init(&regimes, checker->arena, model->rule.regime, model->rule.head.count));
    for (numu_row row = 0; row < model->rule.head.count; row++) {
        (void)numu_map_add(&regimes, row);
    }
    for (numu_row row = 0; row < model->profile.head.count; row++) {
        is_found = is_found || numu_text_is_equal(model->profile.id[row], wanted);
        if (numu_map_find(&regimes, model->profile.regime[row]) == NUMU_NONE) {
            numu_check_tell(checker, NUMU_CODE_UNKNOWN_REGIME, NUMU_MODEL_TABLE(profile), row,
                            "regime", model->profile.regime[row], model->profile.id[row],
                            NUMU_NO_TEXT);
        }
    }
    if (!is_found) {
        struct numu_diagnostic finding = {.code = NUMU_CODE_UNKNOWN_PROFILE,
                                          .place = {0, 0, NUMU_WHOLE_FILE},
                                          .related = NUMU_NOWHERE,
                                          .arguments = {numu_argument_text(wanted)}};
        numu_report_add(checker->report, &finding);
    }
    return NUMU_OK;
}

numu_status numu_check_rules(const struct numu_checker *checker) {
    const struct numu_model *model = checker->model;
    struct numu_arena_mark mark = numu_arena_mark(checker->arena);
    numu_row *prohibitions;
    size_t count = 0;
    NUMU_TRY(check_profiles(checker));
    NUMU_TRY(check_profile_count(checker));
    NUMU_TRY(NUMU_TAKE(checker->arena, &prohibitions, model->rule.head.count));
    for (numu_row row = 0; row < model->rule.head.count; row++) {
        if (model->rule.effect[row] == numu_effect_prohibit) {
            prohibitions[count++] = row;
        }
    }
    check_exemptions(checker);
    struct numu_transfer *transfers;
    size_t transfer_count;
    NUMU_TRY(numu_transfers_find(model, checker->arena, &transfers, &transfer_count));
    for (size_t i = 0; i < transfer_count && count > 0; i++) {
        check_transfer(checker, prohibitions, count, &transfers[i]);
    }
    numu_arena_rewind(checker->arena, mark);
    return NUMU_OK;
}

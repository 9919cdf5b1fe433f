/*
 * check_control.c - explosives in store, and what rules of law prohibit.
 *
 * Storage: NEQ of a stock = quantity × neq_kg of its item, summed by storehouse and hazard
 * division, and held against the least limit in force on the first day of the horizon. How
 * divisions add up when they lie together is for the rule sets, not for here.
 *
 * Law: a rule concerns a transfer where each of its columns that is not empty agrees with it. It
 * bites on the days of the transfer on which it is in force, its regime is recognised by the
 * package's profile, and no exemption in force lifts it. Finished work of the country itself is no
 * transfer: rules that name a country or a partner do not concern it.
 */
#include "model/check.h"

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

/* Days from … to, both included. */
struct span {
    numu_day from, to;
};

/* Something that passes from one country to another. */
struct transfer {
    const struct numu_table_descriptor *table;
    numu_row row;
    const char *column;
    struct numu_text id;
    struct numu_text supplier, origin, receiver; /* countries; empty = not known */
    numu_row partner, item;
    struct span days;
};

static struct span span_of(numu_day starts, numu_day ends) {
    return (struct span){starts == NUMU_NO_DAY ? INT32_MIN + 1 : starts,
                         ends == NUMU_NO_DAY ? INT32_MAX - 1 : ends};
}

static bool is_supplied_from(const struct transfer *transfer, struct numu_text country) {
    return numu_text_is_equal(transfer->supplier, country) ||
           numu_text_is_equal(transfer->origin, country);
}

/* Whether anything of it comes from, or goes to, another country. */
static bool is_foreign(const struct transfer *transfer) {
    bool is_supplier_foreign = transfer->supplier.length > 0 &&
                               !numu_text_is_equal(transfer->supplier, transfer->receiver);
    bool is_origin_foreign =
        transfer->origin.length > 0 && !numu_text_is_equal(transfer->origin, transfer->receiver);
    return is_supplier_foreign || is_origin_foreign;
}

static bool has_word(struct numu_text list, struct numu_text wanted) {
    for (struct numu_text word = numu_text_next_word(&list); word.length > 0;
         word = numu_text_next_word(&list)) {
        if (numu_text_is_equal(word, wanted)) {
            return true;
        }
    }
    return false;
}

static bool concerns(const struct numu_model *model, numu_row rule,
                     const struct transfer *transfer) {
    struct numu_text from = model->rule.from_country[rule];
    struct numu_text to = model->rule.to_country[rule];
    struct numu_text list = model->rule.military_list[rule];
    numu_row partner = model->rule.partner[rule];
    bool names_a_side = from.length > 0 || to.length > 0 || partner != NUMU_NONE;
    return (!names_a_side || is_foreign(transfer)) &&
           (from.length == 0 || is_supplied_from(transfer, from)) &&
           (to.length == 0 || numu_text_is_equal(transfer->receiver, to)) &&
           (partner == NUMU_NONE || partner == transfer->partner) &&
           (list.length == 0 || has_word(list, model->item.military_list[transfer->item]));
}

/*
 * The days, from `day` on, on which a regime is recognised without a break in one row of the
 * profile; beginning at INT32_MAX where there are none.
 */
static struct span recognised_days(const struct numu_model *model, struct numu_text regime,
                                   numu_day day) {
    struct numu_text profile = model->package.profile[0];
    struct span best = {INT32_MAX, INT32_MAX};
    if (profile.length == 0) {
        return (struct span){day, INT32_MAX - 1};
    }
    for (numu_row row = 0; row < model->profile.head.count; row++) {
        struct span span = span_of(model->profile.starts[row], model->profile.ends[row]);
        if (numu_text_is_equal(model->profile.id[row], profile) &&
            numu_text_is_equal(model->profile.regime[row], regime) && span.to >= day) {
            span.from = span.from > day ? span.from : day;
            best = span.from <= span.to && span.from < best.from ? span : best;
        }
    }
    return best;
}

/* The last day, from `day` on, up to which an exemption lifts a rule; `day` - 1 where none does. */
static numu_day exempt_until(const struct numu_model *model, numu_row rule,
                             const struct transfer *transfer, numu_day day) {
    for (numu_row row = 0; row < model->rule.head.count; row++) {
        struct span span = span_of(model->rule.starts[row], model->rule.ends[row]);
        if (model->rule.effect[row] == numu_effect_exempt && model->rule.exempts[row] == rule &&
            span.from <= day && span.to >= day && concerns(model, row, transfer)) {
            struct span recognised = recognised_days(model, model->rule.regime[row], day);
            if (recognised.from == day) {
                return recognised.to < span.to ? recognised.to : span.to;
            }
        }
    }
    return day - 1;
}

/* The first day on which a rule prohibits a transfer; NUMU_NO_DAY where it never does. */
static numu_day prohibited_from(const struct numu_model *model, numu_row rule,
                                const struct transfer *transfer) {
    struct span force = span_of(model->rule.starts[rule], model->rule.ends[rule]);
    numu_day last = transfer->days.to < force.to ? transfer->days.to : force.to;
    numu_day day = transfer->days.from > force.from ? transfer->days.from : force.from;
    while (day <= last) {
        numu_day first = recognised_days(model, model->rule.regime[rule], day).from;
        if (first > last) {
            return NUMU_NO_DAY;
        }
        numu_day until = exempt_until(model, rule, transfer, first);
        if (until < first) {
            return first;
        }
        day = until + 1;
    }
    return NUMU_NO_DAY;
}

static void check_transfer(const struct numu_checker *checker, const numu_row *prohibitions,
                           size_t count, const struct transfer *transfer) {
    const struct numu_model *model = checker->model;
    for (size_t i = 0; i < count; i++) {
        numu_row rule = prohibitions[i];
        numu_day day =
            concerns(model, rule, transfer) ? prohibited_from(model, rule, transfer) : NUMU_NO_DAY;
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

static struct numu_text country_at(const struct numu_model *model, numu_row site) {
    struct numu_text country = model->site.country[site];
    return country.length > 0 ? country : model->package.country[0];
}

static struct numu_text country_of_partner(const struct numu_model *model, numu_row partner) {
    return partner == NUMU_NONE ? NUMU_NO_TEXT : model->partner.country[partner];
}

static void check_transfers(const struct numu_checker *checker, const numu_row *prohibitions,
                            size_t count) {
    const struct numu_model *model = checker->model;
    numu_month end = numu_model_start_month(model) + (numu_month)numu_model_months(model);
    const struct span horizon = {model->package.start[0], numu_month_first_day(end) - 1};
    for (numu_row row = 0; row < model->process.head.count; row++) {
        struct span open = span_of(model->process.opens[row], model->process.closes[row]);
        numu_row partner = model->process.partner[row];
        struct transfer transfer = {
            .table = NUMU_MODEL_TABLE(process),
            .row = row,
            .column = partner == NUMU_NONE ? "origin" : "partner",
            .id = model->process.id[row],
            .supplier = country_of_partner(model, partner),
            .origin = model->process.origin[row],
            .receiver = country_at(model, model->process.site[row]),
            .partner = partner,
            .item = model->process.item[row],
            .days = {open.from > horizon.from ? open.from : horizon.from,
                     open.to < horizon.to ? open.to : horizon.to},
        };
        check_transfer(checker, prohibitions, count, &transfer);
    }
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        numu_row partner = model->agreement.partner[model->delivery.agreement[row]];
        numu_day due = model->delivery.due[row];
        numu_day day = due > horizon.from ? due : horizon.from;
        struct transfer transfer = {
            .table = NUMU_MODEL_TABLE(delivery),
            .row = row,
            .column = "agreement",
            .id = model->agreement.id[model->delivery.agreement[row]],
            .supplier = country_of_partner(model, partner),
            .receiver = country_at(model, model->delivery.site[row]),
            .partner = partner,
            .item = model->delivery.item[row],
            .days = {day, day},
        };
        if (model->delivery.delivered[row] < model->delivery.quantity[row]) {
            check_transfer(checker, prohibitions, count, &transfer);
        }
    }
    for (numu_row row = 0; row < model->demand.head.count; row++) {
        numu_day day =
            model->demand.due[row] > horizon.from ? model->demand.due[row] : horizon.from;
        struct transfer transfer = {
            .table = NUMU_MODEL_TABLE(demand),
            .row = row,
            .column = "customer",
            .id = model->demand.id[row],
            .supplier = country_at(model, model->demand.site[row]),
            .receiver = model->customer.country[model->demand.customer[row]],
            .partner = NUMU_NONE,
            .item = model->demand.item[row],
            .days = {day, day},
        };
        if (transfer.receiver.length > 0) {
            check_transfer(checker, prohibitions, count, &transfer);
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
    NUMU_TRY(NUMU_TAKE(checker->arena, &prohibitions, model->rule.head.count));
    for (numu_row row = 0; row < model->rule.head.count; row++) {
        if (model->rule.effect[row] == numu_effect_prohibit) {
            prohibitions[count++] = row;
        }
    }
    check_exemptions(checker);
    if (count > 0) {
        check_transfers(checker, prohibitions, count);
    }
    numu_arena_rewind(checker->arena, mark);
    return NUMU_OK;
}

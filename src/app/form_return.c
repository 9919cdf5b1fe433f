/*
 * form_return.c - what a State tells others of a year: Arms Trade Treaty annual report, return to
 * the United Nations Register, production return. Sums of what the books say took effect in the
 * year.
 *
 * What is undone by a correction is taken away again: a line back out of `exported` is an export
 * less.
 *
 * Sources: Arms Trade Treaty, articles 2(1) and 13(3); A/RES/46/36 L; ECOWAS Convention, articles
 * 7, 8.
 */
#include "app/form.h"

#include "ledger/history.h"
#include "ledger/query.h"

#include <stdlib.h>

typedef enum direction {
    DIRECTION_EXPORT,
    DIRECTION_IMPORT,
    DIRECTION_PRODUCTION,
    DIRECTION_HOLDING
} direction;
static const char *const direction_words[] = {"word.direction_export", "word.direction_import",
                                              "word.direction_production",
                                              "word.direction_holding"};

struct sum {
    direction direction;
    struct numu_text item, licence, site;
    numu_month month; /* of a production return; else NUMU_NO_MONTH */
    numu_quantity quantity;
    struct numu_text first, last; /* least and greatest number */
};

struct summing {
    struct numu_filling *filling;
    int64_t year;
    struct numu_buffer sums;
};

static int64_t year_of(const struct numu_form_request *request) {
    return request->year != 0 ? request->year : numu_day_date(request->today).year;
}

static bool is_same(const struct sum *a, const struct sum *b) {
    return a->direction == b->direction && a->month == b->month &&
           numu_text_is_equal(a->item, b->item) && numu_text_is_equal(a->licence, b->licence) &&
           numu_text_is_equal(a->site, b->site);
}

static int compare_sums(const void *a, const void *b) {
    const struct sum *of_a = a, *of_b = b;
    if (of_a->direction != of_b->direction) {
        return of_a->direction < of_b->direction ? -1 : 1;
    }
    int order = numu_text_compare(of_a->item, of_b->item);
    order = order != 0 ? order : numu_text_compare(of_a->site, of_b->site);
    order = order != 0 ? order : (of_a->month > of_b->month) - (of_a->month < of_b->month);
    return order != 0 ? order : numu_text_compare(of_a->licence, of_b->licence);
}

static numu_status widen(struct numu_arena *arena, struct sum *sum, struct numu_text number) {
    if (number.length == 0) {
        return NUMU_OK;
    }
    if (sum->first.length == 0 || numu_text_compare(number, sum->first) < 0) {
        NUMU_TRY(numu_text_copy(arena, number, &sum->first));
    }
    return sum->last.length > 0 && numu_text_compare(number, sum->last) <= 0
               ? NUMU_OK
               : numu_text_copy(arena, number, &sum->last);
}

static numu_status add(struct summing *summing, const struct sum *wanted,
                       const struct numu_event_line *line, numu_quantity quantity) {
    struct numu_arena *arena = summing->filling->arena;
    struct sum *sums = (void *)summing->sums.data;
    size_t count = summing->sums.length / sizeof *sums, at = 0;
    while (at < count && !is_same(&sums[at], wanted)) {
        at++;
    }
    if (at == count) {
        struct sum sum = *wanted;
        NUMU_TRY(numu_text_copy(arena, wanted->item, &sum.item));
        NUMU_TRY(numu_text_copy(arena, wanted->licence, &sum.licence));
        NUMU_TRY(numu_text_copy(arena, wanted->site, &sum.site));
        NUMU_TRY(numu_buffer_append(&summing->sums, &sum, sizeof sum));
        sums = (void *)summing->sums.data;
    }
    NUMU_TRY(numu_add(sums[at].quantity, quantity, &sums[at].quantity));
    NUMU_TRY(widen(arena, &sums[at], line->lot));
    for (size_t i = 0; i < line->serials.count; i++) {
        NUMU_TRY(widen(arena, &sums[at], line->serials.list[i]));
    }
    return NUMU_OK;
}

/* Whether the form is about an item: arms of a category; what is made and marked. */
static bool is_wanted(const struct summing *summing, struct numu_text item) {
    const struct numu_form_request *request = summing->filling->request;
    numu_row row = numu_form_row_of(summing->filling, "item", item);
    if (row == NUMU_NONE) {
        return false;
    }
    return request->form == NUMU_FORM_production_return
               ? request->model->item.military_list[row].length > 0
               : request->model->item.un_register[row] != 0;
}

static numu_status add_line(struct summing *summing, const struct numu_act *act,
                            const struct numu_event_line *line) {
    static const struct {
        const char *account;
        direction direction;
        bool is_source;
    } accounts[] = {{"exported", DIRECTION_EXPORT, false},
                    {"imported", DIRECTION_IMPORT, true},
                    {"produced", DIRECTION_PRODUCTION, true}};
    bool is_production = summing->filling->request->form == NUMU_FORM_production_return;
    bool is_att = summing->filling->request->form == NUMU_FORM_att_report;
    for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++) {
        struct sum sum = {
            .direction = accounts[i].direction, .item = line->item, .month = NUMU_NO_MONTH};
        bool is_made = accounts[i].direction == DIRECTION_PRODUCTION;
        bool leaves = numu_text_is(line->from, accounts[i].account);
        bool enters = numu_text_is(line->to, accounts[i].account);
        if ((!leaves && !enters) || (is_production && !is_made) || (is_att && is_made)) {
            continue;
        }
        if (is_production) {
            sum.site = act->site;
            sum.month = numu_day_month(numu_instant_day(act->event->time));
        } else if (!is_made) {
            sum.licence = act->event->licence;
        }
        bool is_more = leaves == accounts[i].is_source;
        NUMU_TRY(add(summing, &sum, line, is_more ? line->quantity : -line->quantity));
    }
    return NUMU_OK;
}

static numu_status visit(void *data, const struct numu_act *act) {
    struct summing *summing = data;
    if (numu_day_date(numu_instant_day(act->event->time)).year != summing->year) {
        return NUMU_OK;
    }
    for (size_t i = 0; i < act->event->line_count; i++) {
        if (is_wanted(summing, act->event->lines[i].item)) {
            NUMU_TRY(add_line(summing, act, &act->event->lines[i]));
        }
    }
    return NUMU_OK;
}

/* Military holdings, as the Register asks for them besides: what is held now. */
static numu_status add_holdings(struct summing *summing) {
    struct numu_balance_filter filter = {.with_nominal = false};
    struct numu_balance *rows;
    size_t count;
    NUMU_TRY(numu_balances_list(&summing->filling->request->ledger->state, summing->filling->arena,
                                &filter, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct numu_event_line line = {.item = rows[i].item};
        struct sum sum = {
            .direction = DIRECTION_HOLDING, .item = rows[i].item, .month = NUMU_NO_MONTH};
        if (is_wanted(summing, rows[i].item)) {
            NUMU_TRY(add(summing, &sum, &line, rows[i].quantity));
        }
    }
    return NUMU_OK;
}

/* --- rows --- */

static numu_status put_value(struct numu_filling *filling, numu_row item, numu_quantity quantity) {
    const struct numu_table_item *table = &filling->request->model->item;
    int64_t value;
    numu_currency currency = table->currency[item];
    if (table->standard_cost[item] == NUMU_NO_NUMBER) {
        return NUMU_OK;
    }
    numu_status status = numu_multiply_divide(table->standard_cost[item], quantity,
                                              NUMU_QUANTITY_ONE, NUMU_ROUND_HALF_EVEN, &value);
    NUMU_TRY(status);
    currency = currency != 0 ? currency : filling->request->model->package.currency[0];
    numu_form_put(filling, "value", numu_argument_number(value, NUMU_PRICE_DECIMALS));
    numu_form_put_text(filling, "currency", numu_text_of(numu_currency_code(currency)));
    return NUMU_OK;
}

/* Who the other State is: of the licence, else of the only supplier that the package knows. */
static void put_other_state(struct numu_filling *filling, const struct sum *sum, numu_row item) {
    const struct numu_model *model = filling->request->model;
    numu_row licence = numu_form_row_of(filling, "licence", sum->licence);
    numu_row partner = licence == NUMU_NONE ? NUMU_NONE : model->licence.partner[licence];
    const char *comment = "word.by_licence";
    if (sum->direction == DIRECTION_EXPORT && licence != NUMU_NONE) {
        numu_form_put_text(filling, "other_state", model->licence.to_country[licence]);
    } else if (sum->direction == DIRECTION_IMPORT) {
        if (partner == NUMU_NONE) {
            partner = numu_form_supplier(filling, item);
            comment = "word.by_package";
        }
        if (partner == NUMU_NONE) {
            return;
        }
        numu_form_put_text(filling, "other_state", model->partner.country[partner]);
    } else {
        return;
    }
    numu_form_put(filling, "comments", numu_argument_string(comment));
}

static numu_status put_transfer(struct numu_filling *filling, const struct sum *sum,
                                numu_row item) {
    const struct numu_table_item *table = &filling->request->model->item;
    struct numu_text category;
    NUMU_TRY(numu_text_printf(filling->arena, &category, "word.arms_%s",
                              numu_names_of_un_register[table->un_register[item] - 1]));
    numu_form_put(filling, "direction", numu_argument_string(direction_words[sum->direction]));
    numu_form_put_text(filling, "category", category);
    numu_form_put_text(filling, "description", table->name[item]);
    put_other_state(filling, sum, item);
    if (filling->request->form == NUMU_FORM_att_report) {
        numu_form_put(filling, "basis", numu_argument_string("word.basis_actual"));
        NUMU_TRY(put_value(filling, item, sum->quantity));
    }
    return NUMU_OK;
}

static numu_status put_production(struct numu_filling *filling, const struct sum *sum,
                                  numu_row item) {
    const struct numu_model *model = filling->request->model;
    numu_form_put_text(filling, "site", numu_form_place(filling, sum->site));
    numu_form_maker(filling, item, sum->site, true);
    numu_form_put_text(filling, "item", sum->item);
    (void)numu_form_item(filling, sum->item, true);
    numu_form_put(filling, "month", numu_argument_month(sum->month));
    numu_form_put_text(filling, "unit", model->item.unit[item]);
    numu_form_put_text(filling, "first_number", sum->first);
    numu_form_put_text(filling, "last_number", sum->last);
    for (numu_row i = 0; i < model->licence.head.count; i++) {
        if (model->licence.item[i] == item &&
            model->licence.kind[i] == numu_licence_kind_production) {
            numu_form_put_text(filling, "licence", model->licence.id[i]);
        }
    }
    return NUMU_OK;
}

static numu_status write_rows(struct summing *summing) {
    struct numu_filling *filling = summing->filling;
    struct sum *sums = (void *)summing->sums.data;
    size_t count = summing->sums.length / sizeof *sums;
    if (count > 0) {
        qsort(sums, count, sizeof *sums, compare_sums);
    }
    for (size_t i = 0; i < count; i++) {
        if (sums[i].quantity == 0) {
            continue;
        }
        numu_row item = numu_form_row_of(filling, "item", sums[i].item);
        NUMU_TRY(numu_form_begin_row(filling));
        numu_form_put(filling, "quantity",
                      numu_argument_number(sums[i].quantity, NUMU_QUANTITY_DECIMALS));
        NUMU_TRY(filling->request->form == NUMU_FORM_production_return
                     ? put_production(filling, &sums[i], item)
                     : put_transfer(filling, &sums[i], item));
    }
    return NUMU_OK;
}

numu_status numu_form_fill_return(struct numu_filling *filling) {
    const struct numu_form_request *request = filling->request;
    struct summing summing = {.filling = filling, .year = year_of(request)};
    numu_form_set(filling, "year", numu_argument_integer(summing.year));
    if (request->form == NUMU_FORM_att_report) {
        struct numu_date last = {.year = (int32_t)summing.year, .month = 12, .day = 31};
        numu_form_set(filling, "cut_off_date", numu_argument_day(numu_day_of(last)));
    } else if (request->form == NUMU_FORM_production_return) {
        NUMU_TRY(numu_form_evidence(filling));
    }
    numu_buffer_init(&summing.sums, filling->arena->heap, 0);
    numu_status status = numu_acts_visit(request->ledger, visit, &summing);
    if (status == NUMU_OK && request->form == NUMU_FORM_un_register) {
        status = add_holdings(&summing);
    }
    if (status == NUMU_OK) {
        status = write_rows(&summing);
    }
    numu_buffer_release(&summing.sums);
    return status;
}

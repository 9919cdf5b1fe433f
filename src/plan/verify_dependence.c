/*
 * verify_dependence.c - on whom the plan hangs, reckoned again: shares of partners, what cannot be
 * had without one, and how long things take from nothing. Both by going down the bill.
 */
#include "plan/verify_figures.h"

#include "model/abroad.h"

enum answer { UNKNOWN, ASKED, NO, YES };

struct dependence {
    struct numu_figures *f;
    numu_row without; /* partner left out; NUMU_NONE = none */
    uint8_t *item;    /* enum answer: whether it can be had */
    double *days;     /* [item × sites + site]: from nothing; negative = not known yet */
    bool *is_asked;   /* the same: being looked at */
};

/* --- shares --- */

static double bought_from(const struct numu_figures *f, bool is_all, numu_row partner) {
    const struct numu_plan_production *table = &f->v->plan->production;
    double sum = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row process = numu_figures_find(f, "process", table->process[row]);
        if (process != NUMU_NONE && numu_process_is_foreign(f->v->model, process) &&
            (is_all || f->v->model->process.partner[process] == partner)) {
            sum += numu_verify_major(f->v, table->cost[row]);
        }
    }
    return sum;
}

static numu_status of_shares(struct numu_figures *f, double *share) {
    const struct numu_table_partner *partner = &f->v->model->partner;
    struct numu_figure figure = {.which = numu_indicator_partner_share, .subject = "partner"};
    double all = bought_from(f, true, 0);
    double squares = 0;
    for (numu_row row = 0; row <= partner->head.count; row++) {
        bool is_partner = row < partner->head.count;
        double part = all > 0 ? bought_from(f, false, is_partner ? row : NUMU_NONE) / all : 0;
        share[row] = part;
        squares += part * part;
        figure.id = is_partner ? partner->id[row] : (struct numu_text){NULL, 0};
        figure.value = part;
        figure.why = all > 0 ? NULL : "no_imports";
        if (is_partner || part > 0) {
            NUMU_TRY(numu_figures_expect(f, figure));
        }
    }
    return numu_figures_expect(f, (struct numu_figure){.which = numu_indicator_herfindahl,
                                                       .value = squares,
                                                       .why = figure.why});
}

/* --- what hangs on a partner --- */

static bool can_have(struct dependence *d, numu_row item);

static bool can_do(struct dependence *d, numu_row process) {
    const struct numu_model *model = d->f->v->model;
    bool is_theirs = d->without != NUMU_NONE && model->process.partner[process] == d->without;
    bool can = d->f->usable[process] && !is_theirs;
    for (numu_row row = 0; can && row < model->input.head.count; row++) {
        can = model->input.process[row] != process || can_have(d, model->input.item[row]);
    }
    return can;
}

/* Whether some way yields it whose inputs can be had; bills have no cycle. */
static bool can_have(struct dependence *d, numu_row item) {
    const struct numu_table_process *table = &d->f->v->model->process;
    if (d->item[item] == UNKNOWN) {
        d->item[item] = ASKED;
        bool can = false;
        for (numu_row row = 0; !can && row < table->head.count; row++) {
            can = table->item[row] == item && can_do(d, row);
        }
        d->item[item] = can ? YES : NO;
    }
    return d->item[item] == YES;
}

static double worth_without(struct dependence *d, numu_row partner) {
    const struct numu_model *model = d->f->v->model;
    const struct numu_table_demand *table = &model->demand;
    double sum = 0;
    d->without = partner;
    for (numu_row row = 0; row < model->item.head.count; row++) {
        d->item[row] = UNKNOWN;
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row item = table->item[row];
        if (can_have(d, item)) {
            bool has_value = table->unit_value[row] != NUMU_NO_NUMBER;
            double each = has_value ? numu_verify_price(d->f->v, table->unit_value[row],
                                                        table->currency[row], 0)
                                    : numu_verify_price(d->f->v, model->item.standard_cost[item],
                                                        model->item.currency[item], 0);
            sum += each * numu_verify_quantity(table->quantity[row]);
        }
    }
    return sum;
}

static numu_status of_partners(struct dependence *d) {
    const struct numu_table_partner *partner = &d->f->v->model->partner;
    double *share;
    NUMU_TRY(NUMU_TAKE(d->f->v->arena, &share, (size_t)partner->head.count + 1));
    NUMU_TRY(of_shares(d->f, share));
    double all = worth_without(d, NUMU_NONE);
    struct numu_figure worst = {.which = numu_indicator_critical_partner,
                                .subject = "partner",
                                .size = 1,
                                .why = "no_demand"};
    double worst_share = 0;
    for (numu_row row = 0; row < partner->head.count; row++) {
        struct numu_figure figure = {.which = numu_indicator_sole_source,
                                     .subject = "partner",
                                     .id = partner->id[row],
                                     .size = 1};
        double lost = all - worth_without(d, row);
        figure = numu_figure_share(figure, lost, all, "no_demand");
        NUMU_TRY(numu_figures_expect(d->f, figure));
        bool is_equal = !(figure.value > worst.value) && !(figure.value < worst.value);
        if (all > 0 && (worst.why != NULL || figure.value > worst.value ||
                        (is_equal && share[row] > worst_share))) {
            worst.id = partner->id[row];
            worst.value = figure.value;
            worst.why = NULL;
            worst_share = share[row];
        }
    }
    return numu_figures_expect(d->f, worst);
}

/* --- lead times --- */

static double days_of(struct dependence *d, numu_row item, numu_row site);

/* From nothing to what a process yields: its longest input, then its own calendar days. */
static double days_to_make(struct dependence *d, numu_row process) {
    const struct numu_verify *v = d->f->v;
    const struct numu_model *model = v->model;
    const struct numu_table_input *input = &model->input;
    uint8_t kind = model->process.kind[process];
    bool is_bought = kind == numu_process_kind_import || kind == numu_process_kind_purchase;
    const struct numu_calendar *calendar = numu_calendar_get(v->calendars, model, NUMU_NONE);
    double own = numu_verify_decimal(model->process.lead_time_days[process]);
    double longest = 0;
    if (!d->f->usable[process]) {
        return INFINITY;
    }
    for (numu_row row = 0; row < input->head.count; row++) {
        if (input->process[row] == process) {
            longest = fmax(longest, days_of(d, input->item[row], model->process.site[process]));
        }
    }
    return longest + (is_bought ? own : own / calendar->days_a_week * 7);
}

static double days_of(struct dependence *d, numu_row item, numu_row site) {
    const struct numu_model *model = d->f->v->model;
    size_t sites = model->site.head.count;
    size_t place = item * sites + site;
    if (d->is_asked[place]) {
        return INFINITY;
    }
    if (d->days[place] < 0) {
        double best = INFINITY;
        d->is_asked[place] = true;
        for (numu_row row = 0; row < model->process.head.count; row++) {
            double way = d->f->way_days[model->process.site[row] * sites + site];
            if (model->process.item[row] == item && isfinite(way)) {
                best = fmin(best, days_to_make(d, row) + way);
            }
        }
        d->is_asked[place] = false;
        d->days[place] = best;
    }
    return d->days[place];
}

static numu_status of_leads(struct dependence *d) {
    const struct numu_model *model = d->f->v->model;
    const struct numu_table_demand *table = &model->demand;
    struct numu_figure longest = {
        .which = numu_indicator_longest_lead, .subject = "item", .why = "no_demand"};
    for (numu_row item = 0; item < model->item.head.count; item++) {
        double most = -1;
        for (numu_row row = 0; row < table->head.count; row++) {
            most = table->item[row] == item ? fmax(most, days_of(d, item, table->site[row])) : most;
        }
        struct numu_figure figure = {.which = numu_indicator_lead_time,
                                     .subject = "item",
                                     .id = model->item.id[item],
                                     .value = most,
                                     .size = 1,
                                     .why = isfinite(most) ? NULL : "no_way"};
        if (most >= 0) {
            NUMU_TRY(numu_figures_expect(d->f, figure));
        }
        if (most >= 0 && isfinite(most) && (longest.why != NULL || most > longest.value)) {
            longest.id = model->item.id[item];
            longest.value = most;
            longest.why = NULL;
        }
    }
    return numu_figures_expect(d->f, longest);
}

numu_status numu_figures_of_dependence(struct numu_figures *f) {
    const struct numu_model *model = f->v->model;
    struct dependence d = {.f = f, .without = NUMU_NONE};
    size_t places = (size_t)model->item.head.count * model->site.head.count;
    NUMU_TRY(NUMU_TAKE(f->v->arena, &d.item, model->item.head.count));
    NUMU_TRY(NUMU_TAKE(f->v->arena, &d.days, places));
    NUMU_TRY(NUMU_TAKE(f->v->arena, &d.is_asked, places));
    for (size_t place = 0; place < places; place++) {
        d.days[place] = -1;
    }
    NUMU_TRY(of_partners(&d));
    return of_leads(&d);
}

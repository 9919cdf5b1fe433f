/*
 * form_flags.c - red flags: what in the books a licensing officer or inspector should look at.
 *
 * A flag is a question, not a finding of guilt. Each names its figure, so that who reads it can
 * judge.
 *
 * Losses cluster at a site where so many are unlikely if they fell on sites as the goods do: with n
 * losses in all and the site's share p of what was ever handled, P(X >= k) for X Poisson with mean
 * n p is below 1 in 20, divided by the number of sites (Bonferroni), so that a country without a
 * culprit is accused once in twenty reports at most.
 */
#include "app/form.h"

#include "ledger/history.h"
#include "ledger/query.h"

#include <math.h>
#include <stdlib.h>

enum { DAYS_MAX = 30, SHARE_MAX = 50, DRIFT_COUNTS = 3 };

static numu_status add_flag(struct numu_filling *filling, const char *flag, const char *why,
                            struct numu_argument figure) {
    NUMU_TRY(numu_form_begin_row(filling));
    numu_form_put(filling, "flag", numu_argument_string(flag));
    numu_form_put(filling, "figure", figure);
    numu_form_put(filling, "why", numu_argument_string(why));
    return NUMU_OK;
}

/* --- shipments --- */

static numu_status flag_shipments(struct numu_filling *filling, int64_t days_max) {
    struct numu_transit *rows;
    size_t count;
    NUMU_TRY(numu_transits_list(&filling->request->ledger->state, filling->arena, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        int64_t days = filling->request->today - rows[i].day;
        bool is_late = rows[i].state == NUMU_MOVEMENT_TRANSIT && days > days_max;
        bool is_over = rows[i].state == NUMU_MOVEMENT_OVER;
        if (!is_late && !is_over) {
            continue;
        }
        NUMU_TRY(add_flag(filling, is_late ? "word.flag_late" : "word.flag_over",
                          is_late ? "word.flag_late_why" : "word.flag_over_why",
                          is_late ? numu_argument_integer(days)
                                  : numu_argument_number(rows[i].received - rows[i].sent,
                                                         NUMU_QUANTITY_DECIMALS)));
        numu_form_put_text(filling, "site", rows[i].place);
        numu_form_put_text(filling, "item", rows[i].item);
        numu_form_put_text(filling, "number", rows[i].lot);
        numu_form_put(filling, "day", numu_argument_day(rows[i].day));
        numu_form_put_text(filling, "entry", rows[i].dispatch);
    }
    return NUMU_OK;
}

/* --- serials --- */

static numu_status flag_disputes(struct numu_filling *filling) {
    struct numu_dispute *rows;
    size_t count;
    NUMU_TRY(numu_disputes_list(&filling->request->ledger->state, filling->arena, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        bool is_twice = rows[i].made > 1;
        NUMU_TRY(add_flag(filling, is_twice ? "word.flag_made_twice" : "word.flag_two_places",
                          is_twice ? "word.flag_made_twice_why" : "word.flag_two_places_why",
                          numu_argument_integer(is_twice ? rows[i].made : rows[i].held)));
        numu_form_put_text(filling, "site", rows[i].sites);
        numu_form_put_text(filling, "item", rows[i].item);
        numu_form_put_text(filling, "number", rows[i].serial);
    }
    return NUMU_OK;
}

struct looking {
    struct numu_filling *filling;
    struct numu_dictionary gone; /* "item serial" to the account it went to and the instant */
    struct numu_buffer losses;   /* of struct site_losses */
    struct numu_buffer imports;  /* of struct partner_share */
    double losses_all, handled_all;
};

static bool is_gone(struct numu_text account) {
    return numu_text_is(account, "exported") || numu_text_is(account, "destroyed") ||
           numu_text_is(account, "lost");
}

static numu_status flag_seen(struct looking *looking, const struct numu_act *act,
                             const struct numu_event_line *line, struct numu_text serial,
                             struct numu_text went) {
    struct numu_filling *filling = looking->filling;
    struct numu_text site, item, number, entry;
    NUMU_TRY(numu_text_copy(filling->arena, act->site, &site));
    NUMU_TRY(numu_text_copy(filling->arena, line->item, &item));
    NUMU_TRY(numu_text_copy(filling->arena, serial, &number));
    NUMU_TRY(numu_text_printf(filling->arena, &entry, "%.*s:%lld", (int)site.length, site.data,
                              (long long)act->sequence));
    NUMU_TRY(add_flag(filling, "word.flag_seen", "word.flag_seen_why",
                      numu_argument_string(numu_form_standing(went))));
    numu_form_put_text(filling, "site", site);
    numu_form_put_text(filling, "item", item);
    numu_form_put_text(filling, "number", number);
    numu_form_put(filling, "day", numu_argument_day(numu_instant_day(act->event->time)));
    numu_form_put_text(filling, "entry", entry);
    return NUMU_OK;
}

/* A serial that left for good and turns up: found, seized, imported or made again. */
static numu_status look_at_serial(struct looking *looking, const struct numu_act *act,
                                  const struct numu_event_line *line, struct numu_text serial) {
    struct numu_text key;
    NUMU_TRY(numu_text_printf(looking->filling->arena, &key, "%.*s\t%.*s", (int)line->item.length,
                              line->item.data, (int)serial.length, serial.data));
    const struct numu_entry *entry = numu_dictionary_find(&looking->gone, key);
    if (is_gone(line->to)) {
        return numu_dictionary_put(&looking->gone, key, line->to, NULL);
    }
    bool is_undone = act->event->type == NUMU_EVENT_correct;
    return entry == NULL || entry->value.length == 0 || is_undone || line->to.length == 0
               ? NUMU_OK
               : flag_seen(looking, act, line, serial, entry->value);
}

/* --- losses and partners, summed --- */

struct site_losses {
    struct numu_text site;
    double losses, handled;
};

static numu_status losses_of(struct looking *looking, struct numu_text site,
                             struct site_losses **out) {
    struct site_losses *rows = (void *)looking->losses.data;
    size_t count = looking->losses.length / sizeof *rows, at = 0;
    while (at < count && !numu_text_is_equal(rows[at].site, site)) {
        at++;
    }
    if (at == count) {
        struct site_losses row = {.losses = 0};
        NUMU_TRY(numu_text_copy(looking->filling->arena, site, &row.site));
        NUMU_TRY(numu_buffer_append(&looking->losses, &row, sizeof row));
        rows = (void *)looking->losses.data;
    }
    *out = &rows[at];
    return NUMU_OK;
}

struct partner_share {
    numu_row partner;
    numu_row item;
    double quantity;
};

static numu_status add_import(struct looking *looking, const struct numu_act *act,
                              const struct numu_event_line *line) {
    struct numu_filling *filling = looking->filling;
    const struct numu_model *model = filling->request->model;
    numu_row item = numu_form_row_of(filling, "item", line->item);
    numu_row licence = numu_form_row_of(filling, "licence", act->event->licence);
    struct partner_share share = {.item = item, .quantity = (double)line->quantity};
    share.partner = licence != NUMU_NONE && model->licence.partner[licence] != NUMU_NONE
                        ? model->licence.partner[licence]
                        : numu_form_supplier(filling, item);
    struct partner_share *rows = (void *)looking->imports.data;
    for (size_t i = 0; i < looking->imports.length / sizeof *rows; i++) {
        if (rows[i].item == item && rows[i].partner == share.partner) {
            rows[i].quantity += share.quantity;
            return NUMU_OK;
        }
    }
    return share.partner == NUMU_NONE || item == NUMU_NONE
               ? NUMU_OK
               : numu_buffer_append(&looking->imports, &share, sizeof share);
}

static numu_status look(void *data, const struct numu_act *act) {
    struct looking *looking = data;
    for (size_t i = 0; i < act->event->line_count; i++) {
        const struct numu_event_line *line = &act->event->lines[i];
        struct site_losses *site;
        NUMU_TRY(losses_of(looking, act->site, &site));
        bool is_lost = numu_text_is(line->to, "lost");
        site->losses += is_lost;
        looking->losses_all += is_lost;
        site->handled += line->to.length > 0;
        looking->handled_all += line->to.length > 0;
        NUMU_TRY(numu_text_is(line->from, "imported") ? add_import(looking, act, line) : NUMU_OK);
        for (size_t s = 0; s < line->serials.count; s++) {
            NUMU_TRY(look_at_serial(looking, act, line, line->serials.list[s]));
        }
    }
    return NUMU_OK;
}

/* P(X >= k), X Poisson with a mean. */
static double poisson_tail(double mean, double k) {
    double term = exp(-mean), below = 0;
    for (int i = 0; i < (int)k; i++) {
        below += term;
        term *= mean / (i + 1);
    }
    return below > 1 ? 0 : 1 - below;
}

static numu_status flag_losses(struct looking *looking) {
    const struct site_losses *rows = (const void *)looking->losses.data;
    size_t count = looking->losses.length / sizeof *rows;
    for (size_t i = 0; i < count; i++) {
        double mean = looking->losses_all * rows[i].handled / looking->handled_all;
        if (rows[i].losses < 2 || poisson_tail(mean, rows[i].losses) >= 0.05 / (double)count) {
            continue;
        }
        NUMU_TRY(add_flag(looking->filling, "word.flag_losses", "word.flag_losses_why",
                          numu_argument_integer((int64_t)rows[i].losses)));
        numu_form_put_text(looking->filling, "site", rows[i].site);
    }
    return NUMU_OK;
}

/*
 * Of each family's imports, by worth at standard cost: the partner that brings more than its share.
 */
static double worth_of(const struct numu_model *model, const struct partner_share *row) {
    numu_price price = model->item.standard_cost[row->item];
    return price == NUMU_NO_NUMBER ? 0 : row->quantity * (double)price;
}

static numu_status flag_partners(struct looking *looking, int64_t share_max) {
    const struct numu_model *model = looking->filling->request->model;
    const struct partner_share *rows = (const void *)looking->imports.data;
    size_t count = looking->imports.length / sizeof *rows;
    double all = 0;
    for (size_t i = 0; i < count; i++) {
        all += worth_of(model, &rows[i]);
    }
    for (numu_row partner = 0; all > 0 && partner < model->partner.head.count; partner++) {
        double part = 0;
        for (size_t i = 0; i < count; i++) {
            part += rows[i].partner == partner ? worth_of(model, &rows[i]) : 0;
        }
        int64_t percent = (int64_t)(100 * part / all);
        if (percent > share_max) {
            NUMU_TRY(add_flag(looking->filling, "word.flag_partner", "word.flag_partner_why",
                              numu_argument_integer(percent)));
            numu_form_put_text(looking->filling, "number", model->partner.name[partner]);
        }
    }
    return NUMU_OK;
}

/* --- counts --- */

static int compare_counts(const void *a, const void *b) {
    const struct numu_counted *of_a = a, *of_b = b;
    int order = numu_text_compare(of_a->site, of_b->site);
    order = order != 0 ? order : numu_text_compare(of_a->item, of_b->item);
    return order != 0 ? order
                      : (of_a->sequence > of_b->sequence) - (of_a->sequence < of_b->sequence);
}

/* The last counts of an item at a site that all found less, or all found more. */
static numu_status flag_drift(struct numu_filling *filling) {
    struct numu_counted *rows;
    size_t count;
    int run = 0, last_sign = 0;
    numu_quantity drift = 0;
    NUMU_TRY(numu_counts_list(filling->request->ledger, filling->arena, &rows, &count));
    if (count > 0) {
        qsort(rows, count, sizeof *rows, compare_counts);
    }
    for (size_t i = 0; i < count;) {
        const struct numu_counted *row = &rows[i];
        numu_quantity difference = 0;
        /* All lines of one count of an item together. */
        for (; i < count && numu_text_is_equal(rows[i].site, row->site) &&
               numu_text_is_equal(rows[i].item, row->item) && rows[i].sequence == row->sequence;
             i++) {
            NUMU_TRY(numu_add(difference, rows[i].counted - rows[i].book, &difference));
        }
        int sign = (difference > 0) - (difference < 0);
        run = sign != 0 && sign == last_sign ? run + 1 : sign != 0;
        drift = run > 1 ? drift + difference : difference;
        last_sign = sign;
        bool is_last = i == count || !numu_text_is_equal(rows[i].site, row->site) ||
                       !numu_text_is_equal(rows[i].item, row->item);
        if (!is_last) {
            continue;
        }
        if (run >= DRIFT_COUNTS) {
            NUMU_TRY(add_flag(filling, "word.flag_drift", "word.flag_drift_why",
                              numu_argument_number(drift, NUMU_QUANTITY_DECIMALS)));
            numu_form_put_text(filling, "site", row->site);
            numu_form_put_text(filling, "item", row->item);
        }
        run = last_sign = 0;
    }
    return NUMU_OK;
}

static numu_status flag_history(struct numu_filling *filling, int64_t share_max) {
    struct looking looking = {.filling = filling};
    numu_dictionary_init(&looking.gone, filling->arena);
    numu_buffer_init(&looking.losses, filling->arena->heap, 0);
    numu_buffer_init(&looking.imports, filling->arena->heap, 0);
    numu_status status = numu_acts_visit(filling->request->ledger, look, &looking);
    if (status == NUMU_OK && filling->request->model != NULL) {
        status = flag_partners(&looking, share_max);
    }
    if (status == NUMU_OK) {
        status = flag_losses(&looking);
    }
    numu_buffer_release(&looking.losses);
    numu_buffer_release(&looking.imports);
    return status;
}

numu_status numu_form_fill_flags(struct numu_filling *filling) {
    const struct numu_form_request *request = filling->request;
    int64_t days_max = request->days_max != 0 ? request->days_max : DAYS_MAX;
    int64_t share_max = request->share_max != 0 ? request->share_max : SHARE_MAX;
    numu_form_set(filling, "days_allowed", numu_argument_integer(days_max));
    numu_form_set(filling, "share_allowed", numu_argument_integer(share_max));
    NUMU_TRY(flag_shipments(filling, days_max));
    NUMU_TRY(flag_disputes(filling));
    NUMU_TRY(flag_history(filling, share_max));
    NUMU_TRY(flag_drift(filling));
    return numu_form_evidence(filling);
}
